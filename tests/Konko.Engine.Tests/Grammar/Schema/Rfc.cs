using System.Net;
using System.Net.Sockets;

namespace Konko.Engine.Tests.Grammar.Schema;

/// <summary>Addresses read by the letter of their standards, part by part, as no expression of the engine does.</summary>
internal static class Rfc
{
    private const string Unreserved = "-._~", SubDelimiters = "!$&'()*+,;=";

    /// <summary>A mailbox of RFC 5321, section 4.1.2.</summary>
    public static bool IsEmail(string text)
    {
        int at = text.LastIndexOf('@');
        return at > 0 && IsLocal(text[..at]) && IsDomain(text[(at + 1)..]);
    }

    /// <summary>A URI of RFC 3986, appendix A.</summary>
    public static bool IsUri(string text)
    {
        int hash = text.IndexOf('#');
        if (hash >= 0 && !IsMadeOf(text[(hash + 1)..], Unreserved + SubDelimiters + ":@/?")) return false;
        if (hash >= 0) text = text[..hash];
        int question = text.IndexOf('?');
        if (question >= 0 && !IsMadeOf(text[(question + 1)..], Unreserved + SubDelimiters + ":@/?")) return false;
        if (question >= 0) text = text[..question];
        int colon = text.IndexOf(':');
        if (colon < 1 || !char.IsAsciiLetter(text[0]) || !text[..colon].All(c => char.IsAsciiLetterOrDigit(c) || "+-.".Contains(c))) return false;
        string rest = text[(colon + 1)..];
        if (!rest.StartsWith("//", StringComparison.Ordinal)) return IsMadeOf(rest, Unreserved + SubDelimiters + ":@/");
        int slash = rest.IndexOf('/', 2);
        return IsAuthority(slash < 0 ? rest[2..] : rest[2..slash]) && (slash < 0 || IsMadeOf(rest[slash..], Unreserved + SubDelimiters + ":@/"));
    }

    private static bool IsAuthority(string text)
    {
        int at = text.IndexOf('@');
        if (at >= 0 && !IsMadeOf(text[..at], Unreserved + SubDelimiters + ":")) return false;
        string host = text[(at + 1)..];
        int end = host.StartsWith('[') ? host.IndexOf(']') + 1 : host.IndexOf(':') is >= 0 and var colon ? colon : host.Length;
        if (host.StartsWith('[') && end == 0) return false;
        string port = host[end..];
        if (port.Length > 0 && (port[0] != ':' || !port[1..].All(char.IsAsciiDigit))) return false;
        host = host[..end];
        if (!host.StartsWith('[')) return IsMadeOf(host, Unreserved + SubDelimiters);
        string literal = host[1..^1];
        if (!literal.StartsWith('v')) return IsIpv6(literal);
        int dot = literal.IndexOf('.');
        return dot > 1 && literal[1..dot].All(char.IsAsciiHexDigit) && literal.Length > dot + 1 && !literal.Contains('%') && IsMadeOf(literal[(dot + 1)..], Unreserved + SubDelimiters + ":");
    }

    private static bool IsMadeOf(string text, string marks)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '%')
            {
                if (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2])) return false;
                i += 2;
            }
            else if (!char.IsAsciiLetterOrDigit(text[i]) && !marks.Contains(text[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsLocal(string text)
    {
        if (!text.StartsWith('"')) return text.Split('.').All(atom => atom.Length > 0 && atom.All(c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-/=?^_`{|}~".Contains(c)));
        if (text.Length < 2 || !text.EndsWith('"')) return false;
        for (int i = 1; i < text.Length - 1; i++)
        {
            if (text[i] == '\\' && ++i == text.Length - 1 || text[i] is < ' ' or > '~' || text[i] == '"' && text[i - 1] != '\\') return false;
        }

        return true;
    }

    private static bool IsDomain(string text)
    {
        if (!text.StartsWith('[')) return text.Split('.').All(label => label.Length > 0 && label.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') && label[0] != '-' && label[^1] != '-');
        if (!text.EndsWith(']')) return false;
        string literal = text[1..^1];
        if (literal.StartsWith("IPv6:", StringComparison.Ordinal)) return IsIpv6(literal[5..]);
        string[] octets = literal.Split('.');
        return octets.Length == 4 && octets.All(octet => octet.Length is > 0 and < 4 && octet.All(char.IsAsciiDigit) && int.Parse(octet, System.Globalization.CultureInfo.InvariantCulture) < 256);
    }

    private static bool IsIpv6(string text) =>
        text.All(c => char.IsAsciiHexDigit(c) || c is ':' or '.') && IPAddress.TryParse(text, out IPAddress? address) && address.AddressFamily == AddressFamily.InterNetworkV6;
}
