import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/index.js';
import { MessagesModule } from '../messages/index.js';
import { PostsModule } from '../posts/index.js';
import { RoomsModule } from '../rooms/index.js';
import { UsersModule } from '../users/index.js';
import { AdminController } from './admin.controller.js';
import { AdminListsRepository } from './admin-lists.repository.js';
import { AuditLog } from './audit-log.js';
import { InvitationsController } from './invitations.controller.js';
import { RemovalsService } from './removals.service.js';
import { ReportedThings } from './reported-things.js';
import { ReportsController } from './reports.controller.js';
import { ReportsService } from './reports.service.js';
import { RolesService } from './roles.service.js';
import { SanctionsService } from './sanctions.service.js';

/** Keeping order: reports, sanctions, deletions with a trace, roles, invitations, and the lists that this needs. */
@Module({
  imports: [UsersModule, AuthModule, RoomsModule, MessagesModule, PostsModule],
  controllers: [AdminController, ReportsController, InvitationsController],
  providers: [AdminListsRepository, AuditLog, RemovalsService, ReportedThings, ReportsService, RolesService, SanctionsService],
})
export class ModerationModule {}
