// A bare Socket.IO server: rooms and fan-out. No login, nothing stored, no order promised.
import { createServer } from 'node:http';
import { Server } from 'socket.io';

const server = createServer((_request, response) => response.end('ok'));
const io = new Server(server, { perMessageDeflate: false, serveClient: false });

io.on('connection', (socket) => {
  socket.on('join', async ({ room }, acknowledge) => {
    await socket.join(room);
    acknowledge({ ok: true });
  });
  socket.on('message', ({ room, content }, acknowledge) => {
    io.to(room).emit('message', { room, content, at: new Date().toISOString() });
    acknowledge({ ok: true });
  });
});

server.listen(Number(process.env.PORT), '127.0.0.1');
