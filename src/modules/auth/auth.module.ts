import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { JwtModule } from '@nestjs/jwt';
import { PassportModule } from '@nestjs/passport';
import { TypeOrmModule } from '@nestjs/typeorm';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { RateLimitModule } from '../../platform/rate-limit/index.js';
import { SOCKET_AUTHENTICATOR } from '../../realtime/ports.js';
import { UsersModule } from '../users/index.js';
import { AuthLinks } from './auth-links.js';
import { Authenticator } from './authenticator.js';
import { AccountCodes } from './codes/account-codes.js';
import { AccountCodesRepository } from './codes/account-codes.repository.js';
import { MailQuotas } from './codes/mail-quotas.js';
import { CredentialsController } from './credentials/credentials.controller.js';
import { CurrentPassword } from './credentials/current-password.js';
import { EmailChangeService } from './credentials/email-change.service.js';
import { PasswordChangeService } from './credentials/password-change.service.js';
import { AccountCode } from './entities/account-code.entity.js';
import { MailQuota } from './entities/mail-quota.entity.js';
import { RefreshToken } from './entities/refresh-token.entity.js';
import { RevokedSession } from './entities/revoked-session.entity.js';
import { Session } from './entities/session.entity.js';
import { Housekeeping } from './housekeeping.js';
import { JwtStrategy } from './jwt.strategy.js';
import { LoginController } from './login/login.controller.js';
import { LoginService } from './login/login.service.js';
import { LogoutService } from './login/logout.service.js';
import { PasswordResetController } from './password-reset/password-reset.controller.js';
import { PasswordResetService } from './password-reset/password-reset.service.js';
import { PasswordHasher } from './passwords/password-hasher.js';
import { RegistrationController } from './registration/registration.controller.js';
import { RegistrationService } from './registration/registration.service.js';
import { SiteInvitations } from './registration/site-invitations.js';
import { RestAuthGuard } from './rest-auth.guard.js';
import { SessionCookie } from './session-cookie.js';
import { RevokedSessions } from './sessions/revoked-sessions.js';
import { SessionsController } from './sessions/sessions.controller.js';
import { SessionsRepository } from './sessions/sessions.repository.js';
import { SessionsService } from './sessions/sessions.service.js';
import { AccountSocketAuthenticator } from './socket-authenticator.js';
import { AccessTokens, tokenKey } from './tokens/access-tokens.js';
import { CookieSessions } from './tokens/cookie-sessions.js';
import { SocketTickets } from './tokens/socket-tickets.js';

/** For data sources outside of the server. */
export const authEntities = [Session, RefreshToken, RevokedSession, AccountCode, MailQuota] as const;

/** Registration, log-in, sessions, and the one authenticator behind every door. */
@Module({
  imports: [
    UsersModule,
    RateLimitModule,
    PassportModule,
    TypeOrmModule.forFeature([...authEntities]),
    JwtModule.registerAsync({ inject: [SETTINGS], useFactory: (settings: Settings) => ({ secret: tokenKey(settings) }) }),
  ],
  controllers: [RegistrationController, LoginController, SessionsController, PasswordResetController, CredentialsController],
  providers: [
    AccessTokens,
    AccountCodes,
    AccountCodesRepository,
    AccountSocketAuthenticator,
    AuthLinks,
    Authenticator,
    CookieSessions,
    CurrentPassword,
    EmailChangeService,
    Housekeeping,
    JwtStrategy,
    LoginService,
    LogoutService,
    MailQuotas,
    PasswordChangeService,
    PasswordHasher,
    PasswordResetService,
    RegistrationService,
    RevokedSessions,
    SessionCookie,
    SessionsRepository,
    SessionsService,
    SiteInvitations,
    SocketTickets,
    { provide: SOCKET_AUTHENTICATOR, useExisting: AccountSocketAuthenticator },
    { provide: APP_GUARD, useClass: RestAuthGuard },
  ],
  exports: [
    AccessTokens,
    Authenticator,
    AuthLinks,
    CurrentPassword,
    MailQuotas,
    PasswordHasher,
    SessionsService,
    SiteInvitations,
    SOCKET_AUTHENTICATOR,
  ],
})
export class AuthModule {}
