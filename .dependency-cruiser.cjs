/**
 * The direction of the imports, as code. Each rule says why it is there.
 * contracts <- common <- config <- database, platform <- realtime <- modules <- app.module
 */
const layer = (name, from, to, comment) => ({ name, severity: 'error', comment, from: { path: from }, to: { path: to } });
const spec = '\\.spec\\.ts$';

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', comment: 'A circle has no order to read it in.', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    layer('contracts-stand-alone', '^src/contracts', '^src/(?!contracts)', 'The web client and other clients import the contracts: they may drag nothing along.'),
    layer('common-knows-contracts-alone', '^src/common', '^src/(?!common|contracts)', 'Pure helpers.'),
    layer('config-is-low', '^src/config', '^src/(?!config|common|contracts)', 'Settings are read before anything exists.'),
    layer('database-is-low', '^src/database', '^src/(?!database|config|common|contracts)', 'The data source knows no feature.'),
    layer('platform-is-low', '^src/platform', '^src/(?!platform|database|config|common|contracts)', 'Mail, limits, logs: no feature, no socket.'),
    layer('realtime-knows-no-feature', '^src/realtime', '^src/(modules|app\\.module|cli|http)', 'Features implement the ports of realtime, never the other way.'),
    layer('modules-below-app', '^src/modules', '^src/(app\\.module|main|cli)', 'The application puts modules together.'),
    {
      name: 'socket-libraries-in-transports',
      severity: 'error',
      comment: 'One place knows Socket.IO and ws; everything else speaks to the hub.',
      from: { path: '^src', pathNot: ['^src/realtime/transports', spec] },
      to: { path: 'node_modules/(socket\\.io|ws|engine\\.io|@nestjs/websockets|@nestjs/platform-socket\\.io|@socket\\.io)/' },
    },
    {
      name: 'opentelemetry-in-one-file',
      severity: 'error',
      comment: 'Its libraries are loaded with that file, and only where traces are wanted; everything else speaks to Tracing.',
      from: { path: '^src', pathNot: '^src/platform/telemetry/otlp-sink\\.ts$' },
      to: { path: 'node_modules/@opentelemetry/' },
    },
    {
      name: 'otlp-sink-is-loaded-late',
      severity: 'error',
      comment: 'An ordinary import would load the libraries at every start.',
      from: {},
      to: { path: '^src/platform/telemetry/otlp-sink\\.ts$', dependencyTypesNot: ['dynamic-import'] },
    },
    {
      name: 'modules-meet-at-the-index',
      severity: 'error',
      comment: 'Entities and repositories are private to their module.',
      from: { path: '^src/modules/([^/]+)/', pathNot: spec },
      to: { path: '^src/modules/([^/]+)/', pathNot: ['^src/modules/$1/', '^src/modules/[^/]+/index\\.ts$'] },
    },
    layer('files-know-nobody', '^src/modules/files', '^src/modules/(?!files)', 'files <- users <- auth, friends <- rooms <- messages: who may read a file is registered with FileAccess'),
    layer('users-know-files', '^src/modules/users', '^src/modules/(?!users|files)', 'files <- users <- auth, friends <- rooms <- messages'),
    layer('auth-knows-users', '^src/modules/auth', '^src/modules/(?!auth|users|files)', 'users <- auth, friends <- rooms <- messages'),
    layer('rooms-below-messages', '^src/modules/rooms', '^src/modules/(?!rooms|users|friends|files)', 'users <- auth, friends <- rooms <- messages'),
    layer('friends-know-users', '^src/modules/friends', '^src/modules/(?!friends|users)', 'users <- auth, friends <- rooms <- messages'),
    layer('avatars-know-users-and-files', '^src/modules/avatars', '^src/modules/(?!avatars|users|files)', 'files, users <- avatars'),
    layer('albums-know-friends', '^src/modules/albums', '^src/modules/(?!albums|users|files|friends)', 'files, users, friends <- albums'),
    layer('people-know-friends', '^src/modules/people', '^src/modules/(?!people|users|friends)', 'users, friends <- people: other features register what a page counts with ProfileCounters.'),
    layer('home-on-top', '^src/modules/home', '^src/modules/(?!home|rooms|friends|users|files)', 'The first page asks the features below it; those above register their counters.'),
    layer('messages-below-posts', '^src/modules/messages', '^src/modules/(posts|search|people)', 'rooms <- messages <- posts <- search'),
    layer('posts-below-search', '^src/modules/posts', '^src/modules/(search|people)', 'rooms <- messages <- posts <- search'),
    { name: 'nobody-imports-listeners', severity: 'error', comment: 'notifications and moderation listen to typed internal events; privacy undoes what all of them keep, and is known to none.', from: { path: '^src/modules/(?!notifications|moderation|privacy)' }, to: { path: '^src/modules/(notifications|moderation|privacy)' } },
    { name: 'web-api-stands-alone', severity: 'error', comment: 'web/src/api is a typed client for everyone: it can be published without the pages.', from: { path: '^web/src/api' }, to: { path: '^(web/src/(?!api)|src/(?!contracts))' } },
    { name: 'web-sees-contracts-alone', severity: 'error', comment: 'The client is typed by the contracts and can be published alone.', from: { path: '^web/src' }, to: { path: '^src/(?!contracts)' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'] },
  },
};
