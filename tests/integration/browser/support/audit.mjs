// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

/**
 * What can be checked of a page's accessibility without asking a person: every control has a name and is large
 * enough, ids are unique, headings do not skip, nothing is wider than the window, text stands out from
 * what is behind it. Returns what is wrong, in words. Runs inside the page.
 */
export function audit() {
    const problems = [];
    const isShown = (node) => node.checkVisibility({ visibilityProperty: true }) && !node.closest('[hidden], [aria-hidden=true]');
    const describe = (node) => node.tagName.toLowerCase() + (node.id && '#' + node.id) + (node.className && '.' + node.className);
    const shown = (selector) => [...document.querySelectorAll(selector)].filter(isShown);

    for (const node of shown('button, input, a[href], [tabindex="0"], [role=application], [role=log]')) {
        const labels = [...(node.labels ?? [])].map((label) => label.textContent).join('');
        const by = (node.getAttribute('aria-labelledby') ?? '').split(' ')
            .map((id) => document.getElementById(id)?.textContent ?? '').join('');
        if ((node.getAttribute('aria-label') || by || labels || node.textContent).trim() === '') {
            problems.push('no name: ' + describe(node));
        }
        const { width, height } = node.getBoundingClientRect();
        if (node.matches('button, input') && (width < 24 || height < 24)) {
            problems.push('too small (' + width + ' x ' + height + '): ' + describe(node));
        }
    }
    for (const image of shown('img:not([alt])')) {
        problems.push('no alternative text: ' + describe(image));
    }
    const ids = [...document.querySelectorAll('[id]')].map((node) => node.id);
    problems.push(...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => 'twice: #' + id));
    for (const node of document.querySelectorAll('[aria-labelledby], [aria-describedby]')) {
        for (const name of ['aria-labelledby', 'aria-describedby']) {
            for (const id of (node.getAttribute(name) ?? '').split(' ').filter(Boolean)) {
                if (!document.getElementById(id)) {
                    problems.push(name + ' of ' + describe(node) + ' names nothing: ' + id);
                }
            }
        }
    }
    let level = 0;
    for (const heading of shown('h1, h2, h3, h4')) {
        const own = Number(heading.tagName[1]);
        if (own > level + 1) {
            problems.push('skips a level: ' + describe(heading));
        }
        level = own;
    }
    if (shown('h1').length !== 1 || shown('main').length !== 1) {
        problems.push('needs one h1 and one main');
    }
    if (document.documentElement.scrollWidth > document.documentElement.clientWidth) {
        problems.push('wider than the window: ' + document.documentElement.scrollWidth);
    }

    const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    const paint = (colours) => {
        canvas.clearRect(0, 0, 1, 1);
        for (const colour of colours) {
            canvas.fillStyle = colour;
            canvas.fillRect(0, 0, 1, 1);
        }
        return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
    };
    const luminance = (rgb) => {
        const [red, green, blue] = rgb.map((value) => {
            const share = value / 255;
            return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    for (const node of shown('body *')) {
        const hasText = [...node.childNodes].some((child) => child.nodeType === Node.TEXT_NODE && child.data.trim() !== '');
        if (!hasText || node.closest('svg, .unseen, .skip, :disabled') || node.matches('noscript, script')) {
            continue;
        }
        const behind = [];
        let opacity = 1;
        for (let parent = node; parent; parent = parent.parentElement) {
            const style = getComputedStyle(parent);
            behind.unshift(style.backgroundColor);
            opacity *= Number(style.opacity);
        }
        if (opacity < 1) {
            continue; // on its way in or out, or a line that is still being delivered
        }
        const background = paint(behind);
        const style = getComputedStyle(node);
        const lights = [luminance(paint([...behind, style.color])), luminance(background)].sort((a, b) => b - a);
        const contrast = (lights[0] + 0.05) / (lights[1] + 0.05);
        const isLarge = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.7 && style.fontWeight >= 700);
        if (contrast < (isLarge ? 3 : 4.5)) {
            problems.push('contrast ' + contrast.toFixed(2) + ': ' + describe(node) + ' "' + node.textContent.trim() + '"');
        }
    }
    return [...new Set(problems)];
}
