export { appointAdmin, AppointmentRefused } from './appoint-admin.js';
export { AuthLinks } from './auth-links.js';
export { authEntities, AuthModule } from './auth.module.js';
export { Authenticator } from './authenticator.js';
export { hashPassword, PasswordHasher } from './passwords/password-hasher.js';
export { type SiteInvitationRow, SiteInvitations } from './registration/site-invitations.js';
export { sessionCookieName } from './session-cookie.js';
export { SessionsService, type TokenPair } from './sessions/sessions.service.js';
export { AccessTokens, tokenKey } from './tokens/access-tokens.js';
