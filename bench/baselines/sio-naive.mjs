// A chat server as tutorials for Socket.IO and NestJS build it: a token in the query, verified with a secret in a string; the person looked up
// once per connection; one `repository.save` per message, then `emit` to the room.
import { createServer } from 'node:http';
import { JwtService } from '@nestjs/jwt';
import { Server } from 'socket.io';
import { DataSource, EntitySchema } from 'typeorm';

const Person = new EntitySchema({
  name: 'person',
  columns: { id: { type: Number, primary: true }, username: { type: String } },
});
const Message = new EntitySchema({
  name: 'message',
  columns: {
    id: { type: Number, primary: true, generated: 'increment' },
    room: { type: String },
    content: { type: 'text' },
    authorId: { type: Number },
    createdAt: { type: 'timestamptz', createDate: true },
  },
  indices: [{ columns: ['room', 'id'] }],
});

const source = await new DataSource({
  type: 'postgres',
  url: process.env.DATABASE_URL,
  entities: [Person, Message],
  synchronize: true,
  installExtensions: false,
}).initialize();
const people = source.getRepository(Person);
const messages = source.getRepository(Message);
const secret = process.env.JWT_ACCESS_SECRET;
const jwt = new JwtService({ secret });

const server = createServer((_request, response) => response.end('ok'));
const io = new Server(server, { perMessageDeflate: false, serveClient: false });

io.use((socket, next) => {
  const { sub } = jwt.verify(socket.handshake.query.token, { secret });
  people.findOneByOrFail({ id: Number(sub) }).then((person) => {
    socket.data = { person };
    next();
  }, next);
});
io.on('connection', (socket) => {
  socket.on('join', async ({ room }, acknowledge) => {
    await socket.join(room);
    acknowledge({ ok: true });
  });
  socket.on('message', async ({ room, content }, acknowledge) => {
    const { person } = socket.data;
    const stored = await messages.save({ room, content, authorId: person.id });
    io.to(room).emit('message', { ...stored, author: { id: person.id, username: person.username } });
    acknowledge({ ok: true, message: stored });
  });
});

server.listen(Number(process.env.PORT), '127.0.0.1');
