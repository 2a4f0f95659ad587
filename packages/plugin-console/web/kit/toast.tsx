// Short confirmations that go by themselves; screen readers hear them.
import { createContext, useCallback, useContext, useMemo, useRef, useState, type ReactNode } from 'react';
import { Icon, type IconName } from './icon.tsx';

interface Toast {
  readonly id: number;
  readonly text: string;
  readonly icon: IconName;
}

/** Says something for a few seconds. */
export type Say = (text: string, icon?: IconName) => void;

const ToastContext = createContext<Say>(() => undefined);

/** The function that says something. */
export function useToast(): Say {
  return useContext(ToastContext);
}

/** Shows what is said, at the foot of the page. */
export function ToastHost({ children }: { readonly children: ReactNode }) {
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const counter = useRef(0);
  const say = useCallback<Say>((text, icon = 'check') => {
    const id = ++counter.current;
    setToasts((shown) => [...shown.slice(-2), { id, text, icon }]);
    setTimeout(() => setToasts((shown) => shown.filter((toast) => toast.id !== id)), 4500);
  }, []);
  const list = useMemo(
    () =>
      toasts.map((toast) => (
        <div className="toast" key={toast.id}>
          <Icon name={toast.icon} />
          {toast.text}
        </div>
      )),
    [toasts],
  );
  return (
    <ToastContext.Provider value={say}>
      {children}
      <div className="toasts" role="status" aria-live="polite">
        {list}
      </div>
    </ToastContext.Provider>
  );
}
