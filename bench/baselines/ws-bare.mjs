// A bare `ws` server: rooms and fan-out. No login, nothing stored, no order promised.
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';

const rooms = new Map();
const server = createServer((_request, response) => response.end('ok'));
const sockets = new WebSocketServer({ server, perMessageDeflate: false });

sockets.on('connection', (socket) => {
  const joined = new Set();
  socket.on('message', (data) => {
    const { event, id, data: said } = JSON.parse(data.toString());
    if (event === 'join') {
      joined.add(said.room);
      const members = rooms.get(said.room) ?? new Set();
      rooms.set(said.room, members.add(socket));
    } else {
      const frame = JSON.stringify({ event: 'message', data: { room: said.room, content: said.content, at: new Date().toISOString() } });
      for (const member of rooms.get(said.room) ?? []) member.send(frame);
    }
    socket.send(JSON.stringify({ id, ok: true }));
  });
  socket.on('close', () => {
    for (const room of joined) rooms.get(room)?.delete(socket);
  });
  socket.on('error', () => undefined);
});

server.listen(Number(process.env.PORT), '127.0.0.1');
