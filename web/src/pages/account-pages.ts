/** The pages around an account: one part of the bundle, loaded when the first of them is opened. */
export { ActivatePage } from './activate.js';
export { DevicesPage } from './devices.js';
export { ForgotPage } from './forgot.js';
export { LoginPage } from './login.js';
export { RegisterPage } from './register.js';
export { ResetPasswordPage } from './reset-password.js';
export { WelcomePage } from './welcome.js';
