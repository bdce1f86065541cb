// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/export.h"

#include <QByteArrayView>

namespace Rollcall {

constexpr qsizetype kMaxIdBytes = 128; ///< of users, rooms and devices
constexpr qsizetype kMaxPageIdBytes = 512; ///< of rooms that are pages
constexpr qsizetype kMaxDisplayNameCharacters = 64; ///< code points
constexpr qsizetype kMaxAvatarBytes = 512;

/// How many characters valid UTF-8 holds.
ROLLCALL_BASE_EXPORT qsizetype codePointCount(QByteArrayView utf8);
/// An id as it comes from outside: valid UTF-8, 1 to `maxBytes` bytes, no control characters (C0,
/// DEL, C1).
ROLLCALL_BASE_EXPORT bool isValidId(QByteArrayView id, qsizetype maxBytes = kMaxIdBytes);
/// 1-64 code points, valid UTF-8, no control characters.
ROLLCALL_BASE_EXPORT bool isValidDisplayName(QByteArrayView name);
/// Empty, an id, or an http(s) URL; at most 512 bytes.
ROLLCALL_BASE_EXPORT bool isValidAvatar(QByteArrayView avatar);

} // namespace Rollcall
