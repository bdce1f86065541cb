// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/auth/randomsecret.h"

#include <QRandomGenerator>

namespace Rollcall {

namespace {

QByteArray randomText(int bytes)
{
    QByteArray random(bytes, Qt::Uninitialized);
    for (char &byte : random)
        byte = char(QRandomGenerator::system()->bounded(256));
    return random.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
}

} // namespace

QByteArray randomSecret() { return randomText(32); }

QByteArray randomId(int bytes) { return randomText(bytes); }

} // namespace Rollcall
