// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/edge/tlsidentity.h"

#include <QDateTime>
#include <QFile>
#include <QSslCertificate>
#include <QSslKey>

#include <memory>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

namespace Rollcall {

namespace {

constexpr qint64 kMaxFile = 1 << 20;

Error wrong(const QString &setting, const QString &what)
{
    return {ErrorCode::Configuration, QStringLiteral("%1: %2").arg(setting, what), {}};
}

Result<QByteArray> readPem(const QString &setting, const QString &name)
{
    QFile file(name);
    if (!file.open(QIODevice::ReadOnly))
        return wrong(setting, QStringLiteral("cannot read '%1': %2").arg(name, file.errorString()));
    return file.read(kMaxFile);
}

QSslKey parseKey(const QByteArray &pem)
{
    for (const QSsl::KeyAlgorithm algorithm : {QSsl::Rsa, QSsl::Ec}) {
        const QSslKey key(pem, algorithm);
        if (!key.isNull())
            return key;
    }
    return {};
}

// Qt would find out at the first handshake only, and tell the client instead of the operator.
bool belongTogether(const QByteArray &certificatePem, const QByteArray &keyPem)
{
    const auto source = [](const QByteArray &pem) {
        return std::unique_ptr<BIO, decltype(&BIO_free)>(
            BIO_new_mem_buf(pem.constData(), int(pem.size())), &BIO_free);
    };
    const auto certificateSource = source(certificatePem);
    const auto keySource = source(keyPem);
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(
        PEM_read_bio_X509(certificateSource.get(), nullptr, nullptr, nullptr), &X509_free);
    const auto noPassword = [](char *, int, int, void *) { return 0; };
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
        PEM_read_bio_PrivateKey(keySource.get(), nullptr, noPassword, nullptr), &EVP_PKEY_free);
    return certificate && key && X509_check_private_key(certificate.get(), key.get()) == 1;
}

} // namespace

Result<QSslConfiguration> loadTlsIdentity(const QString &certificateFile, const QString &keyFile)
{
    const QString certificateSetting = QStringLiteral("edge.tls.certificate");
    const QString keySetting = QStringLiteral("edge.tls.key");
    const Result<QByteArray> certificatePem = readPem(certificateSetting, certificateFile);
    if (!certificatePem)
        return certificatePem.error();
    const Result<QByteArray> keyPem = readPem(keySetting, keyFile);
    if (!keyPem)
        return keyPem.error();
    const QList<QSslCertificate> chain = QSslCertificate::fromData(*certificatePem, QSsl::Pem);
    if (chain.isEmpty())
        return wrong(certificateSetting,
                     QStringLiteral("'%1' has no PEM certificate").arg(certificateFile));
    const QSslKey key = parseKey(*keyPem);
    if (key.isNull())
        return wrong(
            keySetting,
            QStringLiteral("'%1' has no PEM key (RSA or EC, without a password)").arg(keyFile));
    if (!belongTogether(*certificatePem, *keyPem))
        return wrong(keySetting,
                     QStringLiteral("'%1' is not the key of '%2'").arg(keyFile, certificateFile));
    if (chain.first().expiryDate() < QDateTime::currentDateTimeUtc())
        return wrong(certificateSetting, QStringLiteral("'%1' has expired").arg(certificateFile));
    QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
    configuration.setLocalCertificateChain(chain);
    configuration.setPrivateKey(key);
    configuration.setProtocol(QSsl::TlsV1_2OrLater);
    configuration.setPeerVerifyMode(QSslSocket::VerifyNone);
    configuration.setAllowedNextProtocols({QByteArrayLiteral("http/1.1")});
    return configuration;
}

} // namespace Rollcall
