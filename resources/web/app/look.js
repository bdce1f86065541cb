// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

/** A number that is always the same for the same text (FNV-1a). */
export function hash(text) {
    let value = 0x811c9dc5;
    for (const character of String(text)) {
        value = Math.imul(value ^ character.codePointAt(0), 0x01000193) >>> 0;
    }
    return value;
}

/** Hue for a user or a theme. Steps of a golden angle keep neighbours apart. */
export function hueOf(id) {
    return Math.round((hash(id) % 997) * 137.508) % 360;
}

const kThemeHues = {
    plaza: 232, garden: 150, skyline: 28, quiet: 78, home: 345, arcade: 305, studio: 195, beach: 85, space: 275,
};

export function themeHue(theme, fallback) {
    return kThemeHues[theme] ?? hueOf(theme || fallback);
}

/** One or two characters that stand for a name. */
export function initialsOf(name) {
    const words = String(name).trim().split(/[\s._-]+/u).filter(Boolean);
    const first = [...(words[0] ?? '?')][0];
    const last = words.length > 1 ? [...words[words.length - 1]][0] : '';
    return (first + last).toLocaleUpperCase();
}

/** Numbers in [0, 1) that are always the same for the same seed. */
export function makeRandom(seed) {
    let state = hash(seed) || 1;
    return () => {
        state = (state + 0x6d2b79f5) >>> 0;
        let value = Math.imul(state ^ (state >>> 15), state | 1);
        value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
        return ((value ^ (value >>> 14)) >>> 0) / 4294967296;
    };
}
