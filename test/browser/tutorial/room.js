// A chat page like those that people build after the Channels chat tutorial: it knows the frames of /ws/chat/<room>/, the session cookie,
// and nothing else of this server. It connects again three seconds after every close, and has no idea of what it has seen.
(function () {
  'use strict';

  var query = new URLSearchParams(location.search);
  var room = query.get('room') || 'lobby';
  var address = 'ws://' + (query.get('server') || location.host) + '/ws/chat/' + encodeURIComponent(room) + '/';
  var log = document.querySelector('#log');
  var people = document.querySelector('#people');
  var text = document.querySelector('#text');
  var socket = null;

  document.querySelector('#room').textContent = room;

  function line(words) {
    log.value += words + '\n';
    log.scrollTop = log.scrollHeight;
  }

  function entryOf(name) {
    return Array.from(people.children).find(function (item) {
      return item.textContent === name;
    });
  }

  function addPerson(name) {
    if (entryOf(name)) return;
    var item = document.createElement('li');
    item.textContent = name;
    people.append(item);
  }

  function removePerson(name) {
    var item = entryOf(name);
    if (item) item.remove();
  }

  function received(event) {
    var frame = JSON.parse(event.data);
    switch (frame.type) {
      case 'user_list':
        people.replaceChildren();
        frame.users.forEach(addPerson);
        break;
      case 'user_join':
        addPerson(frame.user);
        line('* ' + frame.user + ' joined');
        break;
      case 'user_leave':
        removePerson(frame.user);
        line('* ' + frame.user + ' left');
        break;
      case 'chat_message':
        line(frame.user + ': ' + frame.message);
        break;
      case 'private_message':
        line('PM from ' + frame.user + ': ' + frame.message);
        break;
      case 'private_message_delivered':
        line('PM to ' + frame.target + ': ' + frame.message);
        break;
      case 'error':
        line('! ' + frame.message);
        break;
      default:
        line('? unknown frame ' + frame.type);
    }
  }

  function connect() {
    socket = new WebSocket(address);
    socket.onopen = function () {
      document.body.dataset.socket = 'open';
    };
    socket.onmessage = received;
    socket.onclose = function () {
      document.body.dataset.socket = 'closed';
      setTimeout(connect, 3000);
    };
  }

  function send() {
    if (text.value === '') return;
    socket.send(JSON.stringify({ message: text.value }));
    text.value = '';
  }

  document.querySelector('#send').onclick = send;
  text.onkeyup = function (event) {
    if (event.key === 'Enter') send();
  };
  // For trying out what is no frame at all.
  window.sendRaw = function (data) {
    socket.send(data);
  };

  connect();
})();
