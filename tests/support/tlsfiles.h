// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/edge/edgeconfig.h"

#include <QProcess>
#include <QTemporaryDir>

namespace Rollcall {

/// Self-signed certificates and their keys in a temporary folder, made by the openssl program.
class TlsFiles
{
public:
    inline static const QStringList kRsa{"-newkey", "rsa:2048"};
    inline static const QStringList kEc{"-newkey", "ec", "-pkeyopt",
                                        "ec_paramgen_curve:prime256v1"};

    /// What went wrong; empty: nothing.
    QByteArray make(const QString &name, const QStringList &keyOptions) const
    {
        QProcess openssl;
        openssl.start("openssl",
                      QStringList{"req", "-x509", "-nodes", "-days", "2", "-subj", "/CN=" + name,
                                  "-keyout", path(name + ".key"), "-out", path(name + ".pem")}
                          + keyOptions);
        if (!openssl.waitForFinished())
            return "openssl: " + openssl.errorString().toUtf8();
        return openssl.exitCode() == 0 ? QByteArray() : openssl.readAllStandardError();
    }
    QString path(const QString &file) const { return m_folder.filePath(file); }
    EdgeConfig configOf(const QString &name) const
    {
        EdgeConfig config;
        config.tlsCertificate = path(name + ".pem");
        config.tlsKey = path(name + ".key");
        return config;
    }

private:
    QTemporaryDir m_folder;
};

} // namespace Rollcall
