// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/export.h"

#include <QByteArray>
#include <QByteArrayView>

namespace Rollcall {

// JSON text (RFC 8259) written by hand into a growing buffer: the hot path's alternative to
// QJsonObject.

/// In quotes, escaped. `text` is valid UTF-8.
ROLLCALL_BASE_EXPORT void appendJsonText(QByteArray &out, QByteArrayView text);
/// The shortest form that reads back as the same number; whole numbers below 2^53 without fraction
/// or exponent. `number` is finite.
ROLLCALL_BASE_EXPORT void appendJsonNumber(QByteArray &out, double number);
ROLLCALL_BASE_EXPORT void appendJsonInteger(QByteArray &out, qint64 number);
ROLLCALL_BASE_EXPORT void appendJsonInteger(QByteArray &out, quint64 number);

/// Text as it stands between quotes: as it is where nothing needs to be escaped, else a copy.
/// Borrows the text.
class ROLLCALL_BASE_EXPORT EscapedJsonText
{
public:
    /// `text` is valid UTF-8.
    explicit EscapedJsonText(QByteArrayView text);
    operator QByteArrayView() const { return m_copy.isNull() ? m_text : QByteArrayView(m_copy); }

private:
    QByteArrayView m_text;
    QByteArray m_copy;
};

} // namespace Rollcall
