// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

import { element, icon } from './dom.js';

const kShownMs = 6000;
const kMost = 3;

/** Short notices. The same text again only restarts its time; what the pointer or focus is on stays. */
export class Toasts {
    #list;
    #shown = new Map();

    constructor(list) {
        this.#list = list;
    }

    /** @param {'info' | 'warning'} kind */
    show(text, kind = 'info') {
        const known = this.#shown.get(text);
        if (known) {
            this.#arm(text, known);
            return;
        }
        const toast = element('li', { class: 'toast', 'data-kind': kind },
                              icon(kind === 'warning' ? 'warning' : 'info'),
                              element('span', { text }),
                              element('button', {
                                  type: 'button', class: 'plain', 'aria-label': 'Dismiss: ' + text,
                                  onclick: () => this.#remove(text),
                              }, icon('close')));
        const entry = { toast, timer: null };
        this.#shown.set(text, entry);
        this.#list.append(toast);
        this.#arm(text, entry);
        if (this.#shown.size > kMost) {
            this.#remove(this.#shown.keys().next().value);
        }
    }

    #arm(text, entry) {
        clearTimeout(entry.timer);
        entry.timer = setTimeout(() => {
            if (entry.toast.matches(':hover, :focus-within')) {
                this.#arm(text, entry);
            } else {
                this.#remove(text);
            }
        }, kShownMs);
    }

    #remove(text) {
        const entry = this.#shown.get(text);
        clearTimeout(entry?.timer);
        entry?.toast.remove();
        this.#shown.delete(text);
    }
}
