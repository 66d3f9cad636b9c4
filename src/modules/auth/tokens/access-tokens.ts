import { createSecretKey, type KeyObject } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { z } from 'zod';
import { AppError } from '../../../common/app-error.js';
import { SETTINGS, type Settings } from '../../../config/settings.js';
import { clockLeeway } from './token-life.js';

/** The one algorithm: what the header of a token asks for does not count. */
export const tokenAlgorithm = 'HS256';
export const tokenAudience = 'parley';
/** Not the server's address: tokens that the seed command signs are good wherever the server is then started. The key tells deployments apart. */
export const tokenIssuer = 'parley';

/** Longer ones are none of ours, and are not even decoded. */
const longestToken = 4096;

const claimsSchema = z.object({
  sub: z.uuid(),
  sid: z.uuid(),
  typ: z.literal('access'),
  iat: z.number(),
  exp: z.number(),
});

/** What an access token says, once its signature, issuer, audience and times are checked. */
export interface AccessClaims {
  userId: string;
  sessionId: string;
  /** Seconds since 1970. */
  expiresAt: number;
}

/**
 * The key of access tokens. A KeyObject, because jsonwebtoken turns a string into one at every call, which costs fifty times the
 * verification.
 */
export function tokenKey(settings: Pick<Settings, 'jwtAccessSecret'>): KeyObject {
  return createSecretKey(Buffer.from(settings.jwtAccessSecret, 'utf8'));
}

/** How every door checks a token. */
export function tokenChecks(): {
  algorithms: ['HS256'];
  issuer: string;
  audience: string;
  clockTolerance: number;
} {
  return { algorithms: [tokenAlgorithm], issuer: tokenIssuer, audience: tokenAudience, clockTolerance: clockLeeway };
}

/** Signs and checks access tokens: short JWTs that name a person and a session, and nothing that may change. */
@Injectable()
export class AccessTokens {
  private readonly checks: ReturnType<typeof tokenChecks>;

  constructor(
    private readonly jwt: JwtService,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {
    this.checks = tokenChecks();
  }

  /** Seconds that a token lives which is signed without a life of its own. */
  get ttlSeconds(): number {
    return this.settings.accessTokenTtl;
  }

  /** @param of `ttlSeconds` a day at most; absent: ACCESS_TOKEN_TTL */
  async sign(of: { userId: string; sessionId: string; ttlSeconds?: number }): Promise<string> {
    return this.jwt.sign(
      { sid: of.sessionId, typ: 'access' },
      {
        algorithm: tokenAlgorithm,
        subject: of.userId,
        issuer: tokenIssuer,
        audience: tokenAudience,
        expiresIn: of.ttlSeconds ?? this.settings.accessTokenTtl,
      },
    );
  }

  /** @throws AppError `auth.token-invalid`, `auth.token-expired` */
  verify(token: string): AccessClaims {
    if (token.length > longestToken) throw new AppError('auth.token-invalid');
    let payload: unknown;
    try {
      payload = this.jwt.verify(token, this.checks);
    } catch (error) {
      throw tokenFault(error);
    }
    return this.claims(payload);
  }

  /** The claims of a payload whose signature was checked already. @throws AppError `auth.token-invalid` */
  claims(payload: unknown): AccessClaims {
    const result = claimsSchema.safeParse(payload);
    if (!result.success) throw new AppError('auth.token-invalid');
    return { userId: result.data.sub, sessionId: result.data.sid, expiresAt: result.data.exp };
  }
}

/** What jsonwebtoken says of a bad token, in our words; the signature is checked first, so that an expired token is one of ours. */
export function tokenFault(error: unknown): AppError {
  const expired = error instanceof Error && error.name === 'TokenExpiredError';
  return new AppError(expired ? 'auth.token-expired' : 'auth.token-invalid');
}
