import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { type PageState, go, isOpen, only, usePage } from '../page-state.js';
import { Link } from '../parts/link.js';
import { CopyDetails } from './copy-details.js';
import { CopyList } from './copy-list.js';
import { ObjectDetails } from './object-details.js';
import { ObjectList } from './object-list.js';

const isList = ({ failed, target, day, list }: PageState): boolean =>
  [failed, target, day, list].some((one) => one !== undefined);

/** The page that a record was opened from; `null`: the main page. */
const backOf = (page: PageState): PageState | null => {
  if (page.copy !== undefined) return page.object !== undefined || isList(page) ? { copy: undefined } : null;
  if (page.object !== undefined) return isList(page) ? { object: undefined } : null;
  return null;
};

const contentOf = (page: PageState): ComponentChildren => {
  if (page.copy !== undefined) return <CopyDetails key={page.copy} id={page.copy} />;
  if (page.object !== undefined) return <ObjectDetails key={page.object} id={page.object} />;
  if (page.list === 'objects') return <ObjectList />;
  return <CopyList key={`${page.failed} ${page.target} ${page.day}`} page={page} />;
};

/** The details behind a number, beside the page. Escape or a click outside closes it. */
export const Drawer = () => {
  const page = usePage();
  const dialog = useRef<HTMLDialogElement>(null);
  const open = isOpen(page);
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  const close = (): void => go(only({}));
  const back = backOf(page);
  return (
    <dialog
      ref={dialog}
      class="drawer"
      aria-label="Details"
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
      onClick={(event) => {
        if (event.target === dialog.current) close();
      }}
    >
      {open ? (
        <div class="sheet">
          <nav>
            {back === null ? <span /> : <Link to={back}>← Back</Link>}
            <button type="button" onClick={close} aria-label="Close">
              ✕
            </button>
          </nav>
          {contentOf(page)}
        </div>
      ) : null}
    </dialog>
  );
};
