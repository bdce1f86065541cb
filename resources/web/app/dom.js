// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

const kSvg = 'http://www.w3.org/2000/svg';

/** An element. Properties: class, text, attributes by name, on* listeners; children are nodes or text, never markup. */
export function element(name, properties = {}, ...children) {
    return fill(document.createElement(name), properties, children);
}

export function svg(name, properties = {}, ...children) {
    return fill(document.createElementNS(kSvg, name), properties, children);
}

function fill(node, properties, children) {
    for (const [key, value] of Object.entries(properties)) {
        if (value === undefined || value === null || value === false) {
            continue;
        }
        if (key === 'text') {
            node.textContent = value;
        } else if (key.startsWith('on')) {
            node.addEventListener(key.slice(2), value);
        } else {
            node.setAttribute(key, value === true ? '' : value);
        }
    }
    node.append(...children.filter((child) => child !== null && child !== undefined));
    return node;
}

/** Sets a text only when it changed, so that live regions do not repeat themselves. */
export function setText(node, text) {
    if (node.textContent !== text) {
        node.textContent = text;
    }
}

export function setData(node, key, value) {
    if (node.dataset[key] !== value) {
        node.dataset[key] = value;
    }
}

const kIcons = {
    back: 'M15 5l-7 7 7 7',
    send: 'M4 12l16-8-5 16-3-7-8-1z',
    wave: 'M7 12V6.5a1.5 1.5 0 013 0V11m0-5.5a1.5 1.5 0 013 0V11m0-4.5a1.5 1.5 0 013 0V13m0-3a1.5 1.5 0 013 0v4.5A6.5 6.5 0 0112.500 21C9 21 7.500 19 6 16.500L4.300 13.600a1.500 1.500 0 012.500-1.600L7.500 13',
    dance: 'M9 18V6l10-2v11M9 18a2.500 2.500 0 11-5 0 2.500 2.500 0 015 0zm10-3a2.500 2.500 0 11-5 0 2.500 2.500 0 015 0z',
    talk: 'M12 4a3 3 0 013 3v4a3 3 0 01-6 0V7a3 3 0 013-3zM6 11a6 6 0 0012 0M12 17v3',
    heart: 'M12 20s-7.500-4.600-7.500-10A4.300 4.300 0 0112 7.300 4.300 4.300 0 0119.500 10c0 5.400-7.500 10-7.500 10z',
    star: 'M12 4l2.500 5.200 5.700.8-4.100 4 1 5.700-5.100-2.700-5.100 2.700 1-5.700-4.100-4 5.700-.8z',
    thumb: 'M8 11l3.500-7a2 2 0 012 2.300L13 10h5a2 2 0 012 2.300l-1 5.500a2 2 0 01-2 1.700H8zM8 11H4.500v8.500H8',
    close: 'M6 6l12 12M18 6L6 18',
    lock: 'M7 11V8a5 5 0 0110 0v3M6 11h12v9H6z',
    people: 'M9 11a3.500 3.500 0 100-7 3.500 3.500 0 000 7zm-6 9a6 6 0 0112 0M16 4.500a3.500 3.500 0 010 6.300M17.500 14.500A6 6 0 0121 20',
    arrow: 'M5 12h14M13 6l6 6-6 6',
    info: 'M12 11v6M12 7.500v.01M12 21a9 9 0 100-18 9 9 0 000 18z',
    warning: 'M12 4l9 16H3zM12 10v4M12 17v.01',
};

/** A line drawing that only decorates: what it means is said in words beside it. */
export function icon(name) {
    return svg('svg', { class: 'icon', viewBox: '0 0 24 24', 'aria-hidden': 'true', focusable: 'false' },
               svg('path', { d: kIcons[name] }));
}
