const paths = {
  back: 'M15 5l-7 7 7 7',
  down: 'M6 9l6 6 6-6',
  plus: 'M12 5v14M5 12h14',
  close: 'M6 6l12 12M18 6L6 18',
  search: 'M11 4a7 7 0 1 1 0 14 7 7 0 0 1 0-14zM16.200 16.200L20 20',
  send: 'M5 12h13M12.500 6l6 6-6 6',
  people:
    'M9 11a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zM2.500 20c.4-3.600 3-5.500 6.500-5.500s6.100 1.900 6.500 5.500M16 4.400a3.500 3.500 0 0 1 0 6.200M18 14.800c2 .8 3.200 2.500 3.500 5.200',
  eye: 'M2.500 12S6 5.500 12 5.500 21.500 12 21.500 12 18 18.500 12 18.500 2.500 12 2.500 12zM12 9.200a2.800 2.800 0 1 1 0 5.600 2.800 2.800 0 0 1 0-5.600z',
  'eye-off':
    'M4 4l16 16M9.500 5.900A9.600 9.600 0 0 1 12 5.500c6 0 9.500 6.500 9.500 6.500a17 17 0 0 1-2.900 3.600M6 7.600A16.500 16.500 0 0 0 2.500 12S6 18.500 12 18.500a9.600 9.600 0 0 0 4.200-.9M10 10a2.800 2.800 0 0 0 4 4',
  lock: 'M6.500 11h11v9h-11zM9 11V8a3 3 0 0 1 6 0v3',
  hash: 'M9.500 4L8 20M16 4l-1.500 16M4.500 9h15.500M4 15h15.500',
  out: 'M10 4H5v16h5M14 8l4 4-4 4M18 12H9.500',
  device: 'M4 5h16v11H4zM9 20h6M12 16v4',
  chat: 'M4 5h16v11H10l-4.500 4v-4H4z',
  more: 'M5.500 12h.1M12 12h.1M18.500 12h.1',
  edit: 'M5 19l1-4L16.500 4.500l3 3L9 18zM14.500 6.500l3 3',
  copy: 'M8 8h12v12H8zM4 16V4h12',
  bin: 'M4.500 7h15M9.500 7V4.500h5V7M6.500 7l1 13h9l1-13M10.500 11v5.500M13.500 11v5.500',
  warn: 'M12 4l9 16H3zM12 10v4.500M12 17v.3',
  check: 'M5 12.500l4.500 4.500L19 7.500',
} as const;

export type IconName = keyof typeof paths;

/** A small drawing beside words; it says nothing by itself. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  );
}

export function Logo() {
  return <img class="logo" src="/logo.svg" alt="" width="32" height="32" />;
}
