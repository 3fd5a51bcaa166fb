using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Konko.Server.Configuration;

namespace Konko.Server.Hosting;

/// <summary>Loads the certificate of <c>--tls-cert</c>: PEM, with the key in the same file or another, or PFX.</summary>
internal static class TlsCertificate
{
    /// <exception cref="CryptographicException">The file is no certificate with a key, or the password is wrong.</exception>
    public static X509Certificate2 Load(KonkoOptions options)
    {
        string path = options.TlsCertificate!;
        if (X509Certificate2.GetCertContentType(path) == X509ContentType.Pfx) return X509CertificateLoader.LoadPkcs12FromFile(path, options.TlsPassword);
        string key = options.TlsKey ?? path;
        using X509Certificate2 pem = options.TlsPassword is string password
            ? X509Certificate2.CreateFromEncryptedPemFile(path, password, key)
            : X509Certificate2.CreateFromPemFile(path, key);
        // A key that lives in memory only cannot be used by Windows' TLS; one that went through PKCS #12 can.
        return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
    }
}
