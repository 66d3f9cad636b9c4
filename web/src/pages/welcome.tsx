import { Link } from '../components/link.js';
import { LanguagePicker } from '../components/language-picker.js';
import { Logo } from '../components/icon.js';
import { t } from '../texts/index.js';
import { usePage } from './page.js';

/** The first page of somebody who is not logged in. */
export function WelcomePage() {
  const heading = usePage(t.welcome.title);
  return (
    <main id="main" class="welcome">
      <div class="welcome-words">
        <p class="brand">
          <Logo />
          <span>{t.app.name}</span>
        </p>
        <h1 ref={heading} tabIndex={-1}>
          {t.welcome.lead}
        </h1>
        <p class="lead">{t.welcome.text}</p>
        <div class="actions">
          <Link to="/register" class="button primary">
            {t.welcome.register}
          </Link>
          <Link to="/login" class="button quiet">
            {t.welcome.logIn}
          </Link>
        </div>
        <p class="aside start">
          <Link to="/rooms/lobby">{t.welcome.lobby}</Link>
        </p>
        <LanguagePicker />
      </div>
      <div class="welcome-picture" aria-hidden="true">
        <span class="bubble one" />
        <span class="bubble two" />
        <span class="bubble three" />
        <span class="bubble four" />
      </div>
    </main>
  );
}
