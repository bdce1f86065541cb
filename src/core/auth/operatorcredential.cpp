// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/auth/operatorcredential.h"

#include "core/auth/randomsecret.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>

#include <fcntl.h>
#include <openssl/crypto.h>
#include <sys/stat.h>
#include <unistd.h>

namespace Rollcall {

namespace {

constexpr qint64 kMaxFileBytes = 4096;
constexpr qsizetype kMinSecretBytes = 16;

Error failure(const QString &path, const QString &why)
{
    return {
        ErrorCode::Configuration, QStringLiteral("admin.secretFile: %1: %2").arg(path, why), {}};
}

QByteArray digestOf(const QByteArray &secret)
{
    return QCryptographicHash::hash(secret, QCryptographicHash::Sha256);
}

Result<QByteArray> readSecret(const QString &path)
{
    const int descriptor =
        ::open(QFile::encodeName(path).constData(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    QFile file;
    if (descriptor < 0 || !file.open(descriptor, QIODevice::ReadOnly, QFile::AutoCloseHandle))
        return failure(path, qt_error_string(errno));
    struct stat status
    { };
    if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode))
        return failure(path, QStringLiteral("is not a plain file"));
    if (status.st_uid != ::geteuid() || (status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        return failure(path, QStringLiteral("must belong to this user alone (mode 0600)"));
    const QByteArray secret = file.read(kMaxFileBytes).trimmed();
    if (secret.size() < kMinSecretBytes)
        return failure(path, QStringLiteral("must hold at least %1 bytes").arg(kMinSecretBytes));
    return secret;
}

Result<QByteArray> makeSecret(const QString &path)
{
    const int descriptor =
        ::open(QFile::encodeName(path).constData(),
               O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR);
    QFile file;
    if (descriptor < 0 || !file.open(descriptor, QIODevice::WriteOnly, QFile::AutoCloseHandle))
        return failure(path, qt_error_string(errno));
    const QByteArray secret = randomSecret();
    if (file.write(secret + '\n') < 0 || !file.flush())
        return failure(path, file.errorString());
    return secret;
}

} // namespace

OperatorCredential OperatorCredential::fromSecret(const QByteArray &secret)
{
    OperatorCredential credential;
    if (!secret.isEmpty())
        credential.m_digest = digestOf(secret);
    return credential;
}

Result<OperatorCredential> OperatorCredential::fromFile(const QString &path)
{
    std::unique_ptr<QTemporaryDir> folder;
    QString file = path;
    if (path.isEmpty()) {
        folder = std::make_unique<QTemporaryDir>(QDir::tempPath()
                                                 + QStringLiteral("/rollcall-operator-XXXXXX"));
        if (!folder->isValid())
            return failure(folder->path(), folder->errorString());
        file = folder->filePath(QStringLiteral("operator.secret"));
    }
    const bool exists = QFile::exists(file) || QFile(file).symLinkTarget().size() > 0;
    const Result<QByteArray> secret = exists ? readSecret(file) : makeSecret(file);
    if (!secret)
        return secret.error();
    OperatorCredential credential = fromSecret(*secret);
    credential.m_folder = std::move(folder);
    credential.m_filePath = file;
    return credential;
}

bool OperatorCredential::matches(const QByteArray &credential) const
{
    // Digests have one length, so that neither content nor length of the secret shows in the time
    // this takes.
    const QByteArray digest = digestOf(credential);
    return m_digest.size() == digest.size()
        && CRYPTO_memcmp(m_digest.constData(), digest.constData(), size_t(digest.size())) == 0;
}

} // namespace Rollcall
