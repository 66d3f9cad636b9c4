import { useState } from 'preact/hooks';
import { toFault } from '../api/fault.js';
import type { Message } from '../api/wire.js';
import { edit, endEdit } from '../app/message-actions.js';
import { faultText, t } from '../texts/index.js';
import { charactersLeft, WritingBox } from './writing-box.js';

/** Another wording of a message that was sent. */
export function Rewriting({ message }: { message: Message }) {
  const [text, setText] = useState(message.content);
  const [state, setState] = useState<{ busy: boolean; fault: string | null }>({ busy: false, fault: null });
  const content = text.trim();
  const submit = async () => {
    if (state.busy) return;
    if (content === message.content) {
      endEdit();
      return;
    }
    setState({ busy: true, fault: null });
    try {
      await edit(message.id, content);
      endEdit();
    } catch (error) {
      setState({ busy: false, fault: faultText(toFault(error)) });
    }
  };
  return (
    <WritingBox
      text={text}
      onText={setText}
      onSubmit={() => {
        submit().catch(() => undefined);
      }}
      ready={content !== '' && charactersLeft(text) >= 0 && !state.busy}
      roomId={message.room}
      label={t.composer.editing}
      placeholder=""
      button={t.composer.save}
      icon="check"
      above={
        <>
          <strong>{t.composer.editing}</strong>
          <button type="button" class="link-button" onClick={endEdit}>
            {t.app.cancel}
          </button>
        </>
      }
      hint={state.fault ? <span class="bad">{state.fault}</span> : <span class="keys">{t.composer.editHint}</span>}
      onKey={(event) => {
        if (event.key === 'Escape') {
          event.preventDefault();
          endEdit();
        }
      }}
    />
  );
}
