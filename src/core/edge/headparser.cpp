// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/edge/headparser.h"

#include "core/edge/httpsyntax.h"

#include <algorithm>
#include <string_view>

namespace Rollcall {

namespace {

using std::string_view;

constexpr HeadError kOk{};
constexpr size_t kMaxMethod = 16;

HeadError bad(const char *reason) { return {400, reason}; }

// "HTTP/1.1" and "HTTP/1.0"; another major version is 505.
HeadError parseVersion(string_view text, RequestHead &head)
{
    if (text.size() != 8 || text.substr(0, 5) != "HTTP/" || !Http::isDigit(text[5])
        || text[6] != '.' || !Http::isDigit(text[7]))
        return bad("malformed HTTP version");
    if (text[5] != '1')
        return {505, "HTTP/1.0 and HTTP/1.1 are spoken here"};
    head.minorVersion = text[7] == '0' ? 0 : 1;
    return kOk;
}

// Origin form, absolute form or "*" (RFC 9112 3.2). CONNECT's authority form is for proxies.
HeadError parseTarget(string_view target, RequestHead &head)
{
    if (!std::all_of(target.begin(), target.end(), Http::isTargetCharacter))
        return bad("malformed target");
    if (!Http::hasValidEscapes(target))
        return bad("malformed percent-encoding");
    if (target == "*") {
        if (head.method != "OPTIONS")
            return bad("malformed target");
    } else if (!target.starts_with('/')) {
        const size_t scheme = Http::startsWith(target, "http://") ? 7
            : Http::startsWith(target, "https://")                ? 8
                                                                  : 0;
        if (scheme == 0)
            return bad("malformed target");
        target.remove_prefix(scheme);
        const size_t slash = std::min(target.find_first_of("/?"), target.size());
        if (!Http::isAuthority(target.substr(0, slash)) || slash == 0)
            return bad("malformed authority");
        head.authority = Http::toBytes(target.substr(0, slash));
        target.remove_prefix(slash);
    }
    const size_t question = target.find('?');
    head.path = Http::toBytes(target.substr(0, question));
    if (head.path.isEmpty())
        head.path = "/";
    if (question != string_view::npos)
        head.queryText = Http::toBytes(target.substr(question + 1));
    return kOk;
}

HeadError parseRequestLine(string_view line, const HttpLimits &limits, RequestHead &head)
{
    const size_t first = line.find(' ');
    if (first == string_view::npos || first == 0)
        return bad("malformed request line");
    const string_view method = line.substr(0, first);
    if (method.size() > kMaxMethod || !Http::isToken(method))
        return bad("malformed method");
    head.method = Http::toBytes(method);
    const size_t last = line.rfind(' ');
    if (last == first)
        return bad("malformed request line");
    const string_view target = line.substr(first + 1, last - first - 1);
    if (target.size() > size_t(limits.maxTargetBytes))
        return {414, "the target is too long"};
    if (target.empty())
        return bad("malformed request line");
    if (const HeadError error = parseVersion(line.substr(last + 1), head); error.status)
        return error;
    return parseTarget(target, head);
}

HeadError parseHeaderLine(string_view line, RequestHead &head)
{
    // RFC 9112 5.2: obs-fold, and 5.1: no blank before the colon. Both have been used to smuggle
    // requests.
    if (line.front() == ' ' || line.front() == '\t')
        return bad("folded header");
    const size_t colon = line.find(':');
    if (colon == string_view::npos || !Http::isToken(line.substr(0, colon)))
        return bad("malformed header");
    const string_view value = Http::trimmed(line.substr(colon + 1));
    if (!std::all_of(value.begin(), value.end(), Http::isFieldCharacter))
        return bad("malformed header value");
    head.headers.emplaceBack(Http::toBytes(line.substr(0, colon)), Http::toBytes(value));
    return kOk;
}

HeadError checkHost(RequestHead &head)
{
    const int hosts = head.count("host");
    if (hosts > 1 || (hosts == 0 && head.minorVersion == 1))
        return bad("exactly one Host header is needed");
    const QByteArray host = head.header("host");
    if (!Http::isAuthority(string_view(host.constData(), size_t(host.size()))))
        return bad("malformed Host header");
    if (head.authority.isEmpty()) // an absolute target wins (RFC 9112 3.2.2)
        head.authority = host;
    return kOk;
}

HeadError checkBody(const HttpLimits &limits, RequestHead &head)
{
    const int lengths = head.count("content-length");
    const int codings = head.count("transfer-encoding");
    if (codings > 0) {
        if (lengths > 0)
            return bad("both Content-Length and Transfer-Encoding");
        if (head.minorVersion == 0)
            return bad("Transfer-Encoding in HTTP/1.0");
        const QByteArray coding = head.header("transfer-encoding");
        if (codings > 1 || coding.compare("chunked", Qt::CaseInsensitive) != 0)
            return {501, "chunked is the only transfer coding spoken here"};
        head.body = RequestHead::Body::Chunked;
        return kOk;
    }
    if (lengths == 0)
        return kOk;
    const QByteArray length = head.header("content-length");
    // Digits only: toLongLong() would also take a sign. 18 digits cannot overflow.
    if (lengths > 1 || length.isEmpty()
        || !std::all_of(length.begin(), length.end(), Http::isDigit))
        return bad("malformed Content-Length");
    if (length.size() > 18 || length.toLongLong() > limits.maxBodyBytes)
        return {413, "the body is too large"};
    head.contentLength = length.toLongLong();
    if (head.contentLength > 0)
        head.body = RequestHead::Body::Length;
    return kOk;
}

HeadError checkOptions(RequestHead &head)
{
    head.keepAlive = head.minorVersion == 1 ? !head.hasToken("connection", "close")
                                            : head.hasToken("connection", "keep-alive");
    if (head.count("expect") > 0 && head.minorVersion == 1) {
        if (head.header("expect").compare("100-continue", Qt::CaseInsensitive) != 0)
            return {417, "100-continue is the only expectation met here"};
        head.expectsContinue = true;
    }
    head.isUpgrade = head.minorVersion == 1 && head.hasToken("connection", "upgrade")
        && head.hasToken("upgrade", "websocket");
    return kOk;
}

} // namespace

QByteArray RequestHead::header(QByteArrayView name) const
{
    for (const auto &[key, value] : headers) {
        if (Http::equals(key, name))
            return value;
    }
    return {};
}

int RequestHead::count(QByteArrayView name) const
{
    return int(std::count_if(headers.begin(), headers.end(),
                             [&](const auto &header) { return Http::equals(header.first, name); }));
}

bool RequestHead::hasToken(QByteArrayView name, QByteArrayView token) const
{
    for (const auto &[key, value] : headers) {
        if (!Http::equals(key, name))
            continue;
        for (const QByteArray &item : value.split(',')) {
            if (Http::equals(item.trimmed(), token))
                return true;
        }
    }
    return false;
}

HeadScan scanHead(std::span<const char> bytes, HeadScan scan)
{
    for (; scan.scanned < bytes.size(); ++scan.scanned) {
        const char c = bytes[scan.scanned];
        const bool afterReturn = scan.scanned > 0 && bytes[scan.scanned - 1] == '\r';
        if ((c == '\n') != afterReturn || (c != '\r' && c != '\n' && !Http::isFieldCharacter(c))) {
            scan.state = HeadScan::State::Malformed;
            return scan;
        }
        if (c != '\n')
            continue;
        const bool isEmptyLine = scan.scanned == scan.lineBegin + 1;
        const bool isLeading =
            scan.lineBegin == 0; // RFC 9112 2.2: one empty line before a request is allowed
        if (!isEmptyLine && scan.requestLine == 0)
            scan.requestLine = scan.scanned - 1 - scan.lineBegin;
        scan.lineBegin = scan.scanned + 1;
        if (isEmptyLine && !isLeading) {
            scan.state = HeadScan::State::Complete;
            scan.end = scan.scanned = scan.lineBegin;
            return scan;
        }
    }
    return scan;
}

HeadError checkScan(std::span<const char> bytes, const HeadScan &scan, const HttpLimits &limits)
{
    const char first = bytes.empty() ? '\r' : bytes.front();
    if (scan.state == HeadScan::State::Malformed
        || (first != '\r' && !Http::isTokenCharacter(first)))
        return bad("not an HTTP request");
    const size_t length = scan.state == HeadScan::State::Complete ? scan.end : scan.scanned;
    const size_t requestLine = scan.requestLine > 0 ? scan.requestLine : length;
    if (requestLine > size_t(limits.maxTargetBytes) + kMaxMethod + 16)
        return {414, "the target is too long"};
    if (length > size_t(limits.maxHeadBytes))
        return {431, "the headers are too large"};
    return kOk;
}

HeadError parseHead(std::span<const char> bytes, const HttpLimits &limits, RequestHead &head)
{
    string_view rest(bytes.data(), bytes.size());
    if (rest.starts_with("\r\n"))
        rest.remove_prefix(2);
    bool isFirst = true;
    for (;;) {
        const size_t end = rest.find("\r\n");
        if (end == string_view::npos)
            return bad("incomplete head");
        const string_view line = rest.substr(0, end);
        rest.remove_prefix(end + 2);
        if (line.empty() && !isFirst)
            break;
        if (line.empty())
            return bad("malformed request line");
        const HeadError error =
            isFirst ? parseRequestLine(line, limits, head) : parseHeaderLine(line, head);
        if (error.status)
            return error;
        if (!isFirst && head.headers.size() > limits.maxHeaders)
            return {431, "too many headers"};
        isFirst = false;
    }
    for (const auto check : {checkHost, checkOptions}) {
        if (const HeadError error = check(head); error.status)
            return error;
    }
    return checkBody(limits, head);
}

} // namespace Rollcall
