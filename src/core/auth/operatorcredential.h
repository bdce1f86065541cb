// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/export.h"
#include "core/base/result.h"

#include <QTemporaryDir>

#include <memory>

namespace Rollcall {

/// The credential of operators (`admin.secret`), kept as a digest; or a random one in a file that
/// only this process's user may read.
class ROLLCALL_CORE_EXPORT OperatorCredential
{
public:
    /// Matches nothing.
    OperatorCredential() = default;

    static OperatorCredential fromSecret(const QByteArray &secret);
    /// Reads the secret from `path`, or makes one there (mode 0600). An empty path: in a private
    /// temporary folder, which is removed with this object. Error: Configuration, also when others
    /// may read the file.
    static Result<OperatorCredential> fromFile(const QString &path);

    /// Takes the same time whatever `credential` is.
    bool matches(const QByteArray &credential) const;
    /// Where an operator finds the secret; empty if it was configured.
    const QString &filePath() const { return m_filePath; }

private:
    std::unique_ptr<QTemporaryDir> m_folder; // where the file is, if we chose the place
    QString m_filePath;
    QByteArray m_digest;
};

} // namespace Rollcall
