import { Inject, Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { FastifyReply, FastifyRequest } from 'fastify';
import passport from 'passport';
import { ExtractJwt, Strategy, type StrategyOptionsWithoutRequest } from 'passport-jwt';
import { AppError } from '../../common/app-error.js';
import type { Person } from '../../common/principal.js';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { Authenticator } from './authenticator.js';
import { tokenChecks, tokenFault, tokenKey } from './tokens/access-tokens.js';

type Outcome = (error: unknown, person: Person | false | null, fault: unknown) => void;

/**
 * passport-jwt for REST: it checks the signature under the one pinned algorithm, the issuer, the audience and the times; who that is says
 * the authenticator. Each server in a process has a Passport of its own: the library's shared one would check the tokens of one server
 * with the secret of another.
 */
@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy, 'jwt') {
  private passport: passport.Authenticator | undefined;

  constructor(
    @Inject(SETTINGS) settings: Settings,
    private readonly authenticator: Authenticator,
  ) {
    const key = tokenKey(settings);
    const { clockTolerance, ...checks } = tokenChecks();
    super({
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
      // A KeyObject is what jsonwebtoken is fastest with; the types of passport-jwt know texts and buffers alone.
      secretOrKeyProvider: (_request, _token, done) => done(null, key as unknown as Buffer),
      ...checks,
      jsonWebTokenOptions: { clockTolerance },
    } satisfies StrategyOptionsWithoutRequest);
  }

  // Called by the base class's constructor, before this class's own fields are set.
  getPassportInstance(): passport.Authenticator {
    return (this.passport ??= new passport.Passport());
  }

  /** Part of Passport's contract: called once the token itself is right. */
  async validate(payload: unknown): Promise<Person> {
    return this.authenticator.authenticatePayload(payload);
  }

  /**
   * The person of a request's bearer token.
   * @throws AppError `auth.token-invalid`, `auth.token-expired`, `auth.revoked`, `auth.inactive`
   */
  async person(request: FastifyRequest, reply: FastifyReply): Promise<Person> {
    return new Promise((resolve, reject) => {
      const outcome: Outcome = (error, person, fault) => {
        if (error) reject(error instanceof Error ? error : new AppError('auth.token-invalid'));
        else if (person) resolve(person);
        else reject(tokenFault(fault));
      };
      const authenticate = this.getPassportInstance().authenticate('jwt', { session: false }, outcome) as (
        request: FastifyRequest,
        reply: FastifyReply,
        next: (error: unknown) => void,
      ) => void;
      authenticate(request, reply, reject);
    });
  }
}
