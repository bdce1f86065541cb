// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "host/staticfiles.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <algorithm>
#include <array>

namespace Rollcall {

namespace {

struct ContentType
{
    const char *suffix;
    const char *type;
};
constexpr std::array kContentTypes{
    ContentType{"html", "text/html; charset=utf-8"},
    ContentType{"js", "text/javascript; charset=utf-8"},
    ContentType{"mjs", "text/javascript; charset=utf-8"},
    ContentType{"css", "text/css; charset=utf-8"},
    ContentType{"json", "application/json"},
    ContentType{"map", "application/json"},
    ContentType{"webmanifest", "application/manifest+json"},
    ContentType{"svg", "image/svg+xml"},
    ContentType{"png", "image/png"},
    ContentType{"jpg", "image/jpeg"},
    ContentType{"webp", "image/webp"},
    ContentType{"ico", "image/vnd.microsoft.icon"},
    ContentType{"woff2", "font/woff2"},
    ContentType{"txt", "text/plain; charset=utf-8"},
};

QByteArray contentTypeOf(const QString &path)
{
    const QString suffix = QFileInfo(path).suffix().toLower();
    const auto known = std::ranges::find_if(kContentTypes, [&](const ContentType &type) {
        return suffix == QLatin1String(type.suffix);
    });
    return known == kContentTypes.end() ? QByteArray("application/octet-stream")
                                        : QByteArray(known->type);
}

/// If-None-Match (RFC 9110 13.1.2): a list of tags, compared weakly, or "*".
bool matches(const QByteArray &ifNoneMatch, const QByteArray &tag)
{
    for (QByteArray candidate : ifNoneMatch.split(',')) {
        candidate = candidate.trimmed();
        if (candidate.startsWith("W/"))
            candidate.remove(0, 2);
        if (candidate == "*" || candidate == tag)
            return true;
    }
    return false;
}

} // namespace

StaticFiles::StaticFiles(const QString &root, QObject *parent)
    : QObject(parent)
    , m_root(QDir(root).canonicalPath())
{ }

void StaticFiles::publish(HttpService &http)
{
    const auto publishAt = [this, &http](const QByteArray &pattern, const QString &prefix) {
        http.route("GET", pattern, HttpAccess::Public, this,
                   [this, prefix](const HttpRequest &request, HttpResponder responder) {
                       const QByteArray rest = request.arguments.value(0);
                       responder.send(response(prefix + QString::fromUtf8(rest),
                                               request.header("If-None-Match")));
                   });
    };
    publishAt("/", QStringLiteral("index.html"));
    const auto entries =
        QDir(m_root).entryInfoList(QDir::Files | QDir::Dirs | QDir::NoDotAndDotDot);
    for (const QFileInfo &entry : entries) {
        const QByteArray name = entry.fileName().toUtf8();
        if (entry.isDir())
            publishAt('/' + name + "/{path...}", entry.fileName() + QLatin1Char('/'));
        else
            publishAt('/' + name, entry.fileName());
    }
}

HttpResponse StaticFiles::response(const QString &path, const QByteArray &ifNoneMatch) const
{
    // Resolved by the file system, so that "..", links and doubled slashes need no rules of our
    // own.
    const bool isHidden = path.startsWith(QLatin1Char('.')) || path.contains(QLatin1String("/."));
    const QString file = isHidden || path.contains(QChar::Null)
        ? QString()
        : QFileInfo(m_root + QLatin1Char('/') + path).canonicalFilePath();
    if (m_root.isEmpty() || !file.startsWith(m_root + QLatin1Char('/'))
        || !QFileInfo(file).isFile()) {
        return HttpResponse::problem(ErrorCode::NotFound);
    }
    QFile source(file);
    if (!source.open(QIODevice::ReadOnly))
        return HttpResponse::problem(ErrorCode::NotFound);
    if (source.size() > kMaxFileBytes)
        return HttpResponse::problem(ErrorCode::TooLarge, QStringLiteral("The file is too large"));

    HttpResponse response;
    response.body = source.readAll();
    response.contentType = contentTypeOf(file);
    const QByteArray tag = '"'
        + QCryptographicHash::hash(response.body, QCryptographicHash::Sha256).toHex().left(32)
        + '"';
    response.headers = {{"ETag", tag}, {"Cache-Control", "no-cache"}};
    if (matches(ifNoneMatch, tag)) {
        response.status = 304;
        response.body.clear();
    }
    return response;
}

} // namespace Rollcall
