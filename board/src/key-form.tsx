import { useRef, useState } from 'preact/hooks';
import { Icon } from './parts/icon.js';

interface KeyFormProps {
  /** Why the key before was no good. */
  readonly why: string | null;
  readonly enter: (key: string) => void;
}

/**
 * Asks for a key. It is not a password field, because browsers offer to store those; its style hides the text. A key
 * that no header can carry is refused here.
 */
export const KeyForm = ({ why, enter }: KeyFormProps) => {
  const field = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState(why);
  const submit = (event: Event): void => {
    event.preventDefault();
    const key = field.current?.value.trim() ?? '';
    if (/^[\x21-\x7e]+$/.test(key)) enter(key);
    else setProblem(key === '' ? 'Type a key first.' : 'A key has letters, digits and signs, without spaces.');
  };
  return (
    <main class="ask">
      <form class="panel" onSubmit={submit} autocomplete="off">
        <h2>This board asks for a key</h2>
        <p>An API key or a token that may read copies. It stays in this tab until you close or reload it.</p>
        <label for="key">Key</label>
        <input
          id="key"
          ref={field}
          class="secret"
          type="text"
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          data-1p-ignore
          data-lpignore="true"
          aria-describedby={problem === null ? undefined : 'key-problem'}
          aria-invalid={problem !== null}
          autofocus
        />
        {problem === null ? null : (
          <p id="key-problem" class="key-problem" role="alert">
            <Icon tone="bad" />
            {problem}
          </p>
        )}
        <button type="submit" class="primary">
          Open the board
        </button>
      </form>
    </main>
  );
};
