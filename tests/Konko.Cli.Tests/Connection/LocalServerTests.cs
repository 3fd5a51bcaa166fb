using Konko.Cli.Connection;
using Konko.Server.Configuration;

namespace Konko.Cli.Tests.Connection;

public sealed class LocalServerTests
{
    [Fact]
    public void Private_ConfigurationOfAServer_IsOpenToThisProcessAlone()
    {
        var configured = new KonkoOptions
        {
            Host = "*", Port = 80, NoAuth = true, Keys = ["ko-public"], TlsCertificate = "cert.pem", TlsKey = "key.pem", H2c = true, DataDirectory = "/data",
            Threads = 3, Models = [new ModelOptions { Path = "a.gguf" }], ModelsDirectory = "/models",
        };
        KonkoOptions options = LocalServer.Private(configured, null, "secret");

        Assert.Equal(("127.0.0.1", 0, false, false, ""), (options.Host, options.Port, options.NoAuth, options.H2c, options.DataDirectory));
        Assert.Equal((null, null, ModelLoad.Demand), (options.TlsCertificate, options.TlsKey, options.Load));
        Assert.Equal(["secret"], options.Keys);
        Assert.Equal((3, "/models", "a.gguf"), (options.Threads, options.ModelsDirectory, Assert.Single(options.Models).Path));
    }

    [Fact]
    public void Private_ModelFile_IsTheOnlyModel()
    {
        KonkoOptions options = LocalServer.Private(new KonkoOptions { ModelsDirectory = "/models" }, "b.gguf", "secret");

        Assert.Equal((null, Path.GetFullPath("b.gguf")), (options.ModelsDirectory, Assert.Single(options.Models).Path));
    }
}
