// All keys on one sheet.
import { Dialog } from '../kit/dialog.tsx';
import { useApp } from './context.ts';
import type { Page } from './pages.ts';

/** Shows the keys. */
export function HelpDialog({ rail, onClose }: { readonly rail: readonly Page[]; readonly onClose: () => void }) {
  const { words } = useApp();
  const groups: readonly { readonly title: string; readonly keys: readonly (readonly [string, string])[] }[] = [
    { title: words.t('help.everywhere'), keys: [['?', words.t('help.title')], ...rail.map(({ key, title }) => [`g ${key}`, words.t(title)] as const)] },
    {
      title: words.t('help.lists'),
      keys: [
        ['↑ ↓', words.t('help.rows')],
        ['Home End', words.t('help.ends')],
        ['Enter', words.t('help.open')],
      ],
    },
    {
      title: words.t('page.wall'),
      keys: [
        ['Enter', words.t('help.focus')],
        ['Esc', words.t('help.back')],
        ['1 2 3 4', words.t('help.layout')],
        ['f', words.t('wall.bare')],
      ],
    },
    {
      title: words.t('page.playback'),
      keys: [
        ['k', words.t('help.play')],
        ['j l', words.t('help.jump')],
        [', .', words.t('help.frame')],
        ['← →', words.t('help.timeline')],
        ['+ -', words.t('help.zoom')],
      ],
    },
  ];
  return (
    <Dialog title={words.t('help.title')} onClose={onClose} wide>
      <div className="help">
        {groups.map(({ title, keys }) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl>
              {keys.map(([key, meaning]) => (
                <div key={key}>
                  <dt>
                    {key.split(' ').map((part) => (
                      <kbd key={part}>{part}</kbd>
                    ))}
                  </dt>
                  <dd>{meaning}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
