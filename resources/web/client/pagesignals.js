// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

/** What the browser says about the network and the window; silent outside a browser. */
export class PageSignals {
    #hooks;
    #window;
    #document;
    #navigator;
    #listeners = [];

    /** @param {{onOnline: () => void, onOffline: () => void, onVisible: () => void}} hooks */
    constructor(hooks, { window, document, navigator } = globalThis) {
        this.#hooks = hooks;
        this.#window = window;
        this.#document = document;
        this.#navigator = navigator;
    }

    get isOnline() {
        return this.#navigator?.onLine ?? true;
    }

    start() {
        if (this.#listeners.length > 0) {
            return;
        }
        this.#listen(this.#window, 'online', this.#hooks.onOnline);
        this.#listen(this.#window, 'offline', this.#hooks.onOffline);
        this.#listen(this.#window, 'pageshow', this.#hooks.onVisible);
        this.#listen(this.#document, 'visibilitychange', () => {
            if (this.#document.visibilityState === 'visible') {
                this.#hooks.onVisible();
            }
        });
    }

    stop() {
        for (const [target, event, listener] of this.#listeners) {
            target.removeEventListener(event, listener);
        }
        this.#listeners = [];
    }

    #listen(target, event, listener) {
        if (target?.addEventListener) {
            target.addEventListener(event, listener);
            this.#listeners.push([target, event, listener]);
        }
    }
}
