interface PictureButtonProps {
  text: string;
  /** Of the input. */
  name: string;
  busy: boolean;
  onPick: (file: File) => void;
}

/** A button that lets one choose one picture. */
export function PictureButton({ text, name, busy, onPick }: PictureButtonProps) {
  return (
    <label class={`button quiet small${busy ? ' busy' : ''}`}>
      {text}
      <input
        type="file"
        class="visually-hidden"
        name={name}
        accept="image/jpeg,image/png,image/webp"
        disabled={busy}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          event.currentTarget.value = '';
          if (file) onPick(file);
        }}
      />
    </label>
  );
}
