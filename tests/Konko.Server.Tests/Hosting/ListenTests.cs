using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Konko.Server.Configuration;
using Konko.Server.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Konko.Server.Tests.Hosting;

public sealed class ListenTests
{
    [Fact]
    public void Bind_FreePort_IsTheSameOnBothLoopbacks()
    {
        using ListenSockets sockets = ListenSockets.Bind(new KonkoOptions { Port = 0 });

        Assert.Equal(IPAddress.Loopback, sockets.EndPoints[0].Address);
        Assert.Single(sockets.EndPoints.Select(e => e.Port).Distinct());
        if (Socket.OSSupportsIPv6 && sockets.EndPoints.Count > 1) Assert.Equal(IPAddress.IPv6Loopback, sockets.EndPoints[1].Address);
    }

    [Fact]
    public void Bind_PortInUse_SaysSo()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        int port = ((IPEndPoint)other.LocalEndpoint).Port;

        ListenException exception = Assert.Throws<ListenException>(() => ListenSockets.Bind(new KonkoOptions { Port = port }));

        Assert.Equal($"port {port} on 127.0.0.1 is in use; stop what listens there, or choose another with --port.", exception.Message);
    }

    [Fact]
    public void Bind_AddressOfAnotherMachine_SaysSo()
    {
        ListenException exception = Assert.Throws<ListenException>(() => ListenSockets.Bind(new KonkoOptions { Host = "192.0.2.1", Port = 0 }));

        Assert.Equal("this machine has no address 192.0.2.1; choose another with --host.", exception.Message);
    }

    [Fact]
    public async Task Serve_BothLoopbacks_AnswerAlike()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        foreach (IPEndPoint endPoint in server.Server.EndPoints)
        {
            using HttpResponseMessage response = await server.Client.GetAsync($"http://{endPoint}/livez", TestContext.Current.CancellationToken);
            Assert.Equal(200, (int)response.StatusCode);
        }
    }

    [Fact]
    public async Task Serve_EveryAddress_AnswersByEachOfThem()
    {
        await using RunningServer server = await RunningServer.StartAsync(new KonkoOptions { Host = "*", NoAuth = true });
        foreach (string host in Socket.OSSupportsIPv6 ? (string[])["127.0.0.1", "[::1]"] : ["127.0.0.1"])
        {
            using HttpResponseMessage response = await server.Client.GetAsync($"http://{host}:{server.Server.EndPoints[0].Port}/v1/models", TestContext.Current.CancellationToken);
            Assert.Equal(200, (int)response.StatusCode);
        }
    }

    [Fact]
    public async Task Serve_H2c_SpeaksHttp2WithoutTls()
    {
        await using RunningServer server = await RunningServer.StartAsync(new KonkoOptions { H2c = true });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/models") { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };

        using HttpResponseMessage response = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal((200, HttpVersion.Version20), ((int)response.StatusCode, response.Version));
    }

    [Theory]
    [InlineData("pem", null)]
    [InlineData("pem", "secret")]
    [InlineData("split", null)]
    [InlineData("pfx", "secret")]
    [InlineData("pfx", null)]
    public async Task Serve_Tls_SpeaksBothVersions(string form, string? password)
    {
        using TempDirectory directory = new();
        KonkoOptions options = WriteCertificate(directory.Path, form, password);
        await using RunningServer server = await RunningServer.StartAsync(options);
        using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, certificate, _, _) => certificate!.Subject == "CN=localhost" };
        using var client = new HttpClient(handler);

        foreach (Version version in (Version[])[HttpVersion.Version11, HttpVersion.Version20])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"https://localhost:{server.Server.EndPoints[0].Port}/livez") { Version = version, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
            using HttpResponseMessage response = await client.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal((200, version), ((int)response.StatusCode, response.Version));
        }
    }

    [Fact]
    public void Create_CertificateThatIsNone_IsRefused()
    {
        using TempDirectory directory = new();
        string file = System.IO.Path.Combine(directory.Path, "no.pem");
        File.WriteAllText(file, "no certificate");

        Assert.ThrowsAny<CryptographicException>(() => KonkoServer.Create(new KonkoOptions { Port = 0, TlsCertificate = file }));
    }

    [Theory]
    [InlineData("127.0.0.0/8", "https://")]
    [InlineData("10.0.0.1", "http://")]
    [InlineData(null, "http://")]
    public async Task Request_ForwardedScheme_IsBelievedFromListedProxiesOnly(string? proxy, string scheme)
    {
        await using RunningServer server = await RunningServer.StartAsync(new KonkoOptions { TrustedProxies = proxy is null ? [] : [proxy] });

        using HttpResponseMessage response = await server.GetAsync("/", ("X-Forwarded-Proto", "https"));

        Assert.Contains($"<code>{scheme}127.0.0.1", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task MapKonko_InAnotherApplication_LeavesItsPathsAlone()
    {
        using TempDirectory directory = new();
        string file = System.IO.Path.Combine(directory.Path, "m.gguf");
        File.WriteAllText(file, "");
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<Konko.Server.Models.IModelLoader>(ScriptedLoader.Instant());
        builder.AddKonko(new KonkoOptions { Models = [new ModelOptions { Path = file }], Keys = ["ko-1"] });
        await using WebApplication app = builder.Build();
        app.MapKonko();
        app.MapGet("/mine", () => "mine");
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var client = new HttpClient { BaseAddress = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()) };

        using HttpResponseMessage mine = await client.GetAsync("/mine", TestContext.Current.CancellationToken);
        using HttpResponseMessage unknown = await client.GetAsync("/unknown", TestContext.Current.CancellationToken);
        using HttpResponseMessage models = await client.GetAsync("/v1/models", TestContext.Current.CancellationToken);

        Assert.Equal("mine", await mine.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.False(mine.Headers.Contains("x-request-id"));
        Assert.Equal((404, 0L), ((int)unknown.StatusCode, unknown.Content.Headers.ContentLength));
        await RunningServer.ErrorAsync(models, 401);
        await app.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public void AddKonko_WrongOptions_ThrowsWithAllThatIsWrong()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();

        ArgumentException exception = Assert.Throws<ArgumentException>(() => builder.AddKonko(new KonkoOptions { Host = "0.0.0.0", CorsOrigins = ["x"] }));

        Assert.Contains("host (options):", exception.Message, StringComparison.Ordinal);
        Assert.Contains("cors (options):", exception.Message, StringComparison.Ordinal);
    }

    private static KonkoOptions WriteCertificate(string directory, string form, string? password)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        string path = System.IO.Path.Combine(directory, "cert." + form);
        if (form == "pfx")
        {
            File.WriteAllBytes(path, certificate.Export(X509ContentType.Pkcs12, password));
            return new KonkoOptions { TlsCertificate = path, TlsPassword = password };
        }

        string keyPem = password is null
            ? key.ExportPkcs8PrivateKeyPem()
            : key.ExportEncryptedPkcs8PrivateKeyPem(password, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000));
        string keyPath = System.IO.Path.Combine(directory, "key.pem");
        File.WriteAllText(keyPath, keyPem);
        File.WriteAllText(path, certificate.ExportCertificatePem() + (form == "pem" ? "\n" + keyPem : ""));
        return new KonkoOptions { TlsCertificate = path, TlsKey = form == "pem" ? null : keyPath, TlsPassword = password };
    }

    private sealed class TempDirectory : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("konko-test-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
