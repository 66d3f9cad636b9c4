import { type DynamicModule, Inject, Module, type OnModuleInit } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { ConfigModule } from './config/config.module.js';
import type { Settings } from './config/settings.js';
import { DatabaseModule } from './database/index.js';
import { AlbumsModule } from './modules/albums/index.js';
import { AuthModule } from './modules/auth/index.js';
import { AvatarsModule } from './modules/avatars/index.js';
import { FilesModule } from './modules/files/index.js';
import { BlockDirectory, FriendsModule } from './modules/friends/index.js';
import { HomeModule } from './modules/home/index.js';
import { MessageLog, MessagesModule } from './modules/messages/index.js';
import { NotificationsModule } from './modules/notifications/index.js';
import { PeopleModule } from './modules/people/index.js';
import { ModerationModule } from './modules/moderation/index.js';
import { PrivacyModule } from './modules/privacy/index.js';
import { PostsModule } from './modules/posts/index.js';
import { SearchModule } from './modules/search/index.js';
import { RoomsModule, RoomsService } from './modules/rooms/index.js';
import { UsersModule } from './modules/users/index.js';
import { DocsModule } from './platform/docs/index.js';
import { EventsModule } from './platform/events/index.js';
import { HealthModule } from './platform/health/index.js';
import { HttpModule } from './platform/http/http.module.js';
import { UploadsModule } from './platform/http/uploads/index.js';
import { MailModule } from './platform/mail/index.js';
import { MailMetrics } from './platform/mail/mail-metrics.js';
import { MetricsModule } from './platform/metrics/index.js';
import { NodesModule } from './platform/nodes/index.js';
import { NodesMetrics } from './platform/nodes/nodes-metrics.js';
import { RateLimitModule } from './platform/rate-limit/index.js';
import { RedisModule } from './platform/redis/index.js';
import { StorageModule } from './platform/storage/index.js';
import { TelemetryModule } from './platform/telemetry/index.js';
import { Ports, RealtimeMetrics, RealtimeModule, SOCKET_AUTHENTICATOR, type SocketAuthenticator } from './realtime/index.js';
import { TransportMetrics, TransportsModule } from './realtime/transports/index.js';

/** Every module, in the order in which they build on each other. */
@Module({})
export class AppModule implements OnModuleInit {
  static forRoot(settings: Settings): DynamicModule {
    return {
      module: AppModule,
      imports: [
        DiscoveryModule,
        ConfigModule.forRoot(settings),
        DatabaseModule.forRoot(),
        MetricsModule,
        TelemetryModule,
        RedisModule,
        NodesModule,
        EventsModule,
        RateLimitModule,
        HealthModule,
        HttpModule,
        UploadsModule,
        StorageModule,
        MailModule.forRoot(settings),
        DocsModule,
        RealtimeModule,
        FilesModule,
        UsersModule,
        AuthModule,
        AvatarsModule,
        FriendsModule,
        PeopleModule,
        AlbumsModule,
        RoomsModule,
        HomeModule,
        MessagesModule,
        NotificationsModule,
        PostsModule,
        SearchModule,
        ModerationModule,
        PrivacyModule,
        TransportsModule,
      ],
      providers: [MailMetrics, NodesMetrics, RealtimeMetrics, TransportMetrics],
    };
  }

  constructor(
    private readonly ports: Ports,
    @Inject(SOCKET_AUTHENTICATOR) private readonly authenticator: SocketAuthenticator,
    private readonly access: RoomsService,
    private readonly log: MessageLog,
    private readonly blocks: BlockDirectory,
  ) {}

  /** Sockets learn who is who, who may what, and what happened in a room. */
  onModuleInit(): void {
    this.ports.bind({ authenticator: this.authenticator, access: this.access, log: this.log, blocks: this.blocks });
  }
}
