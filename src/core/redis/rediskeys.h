// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/export.h"
#include "core/base/strongid.h"

#include <QByteArray>

namespace Rollcall {

/// An id as part of a key: ':', '{', '}' and '%' become %3A, %7B, %7D and %25.
ROLLCALL_CORE_EXPORT QByteArray encodeKeyPart(const QByteArray &id);
ROLLCALL_CORE_EXPORT QByteArray decodeKeyPart(QByteArrayView part);

/// How a user is written in sets: "user:<id>", or "anon:<session>" for the guest "anon:<session>".
ROLLCALL_CORE_EXPORT QByteArray memberName(const UserId &user);
ROLLCALL_CORE_EXPORT UserId userFromMemberName(QByteArrayView name);

} // namespace Rollcall
