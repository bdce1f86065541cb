// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/export.h"
#include "core/base/result.h"

#include <QSslConfiguration>
#include <QSslSocket>

namespace Rollcall {

/// What a TLS server shows: certificate chain and key from two PEM files, as a configuration for
/// its sockets. Error: Configuration, naming the file (unreadable, no certificate, a key of another
/// kind or certificate, expired).
ROLLCALL_CORE_EXPORT Result<QSslConfiguration> loadTlsIdentity(const QString &certificateFile,
                                                               const QString &keyFile);

} // namespace Rollcall
