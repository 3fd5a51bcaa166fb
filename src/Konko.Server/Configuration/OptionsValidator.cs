using System.Net;
using Konko.Server.Models;

namespace Konko.Server.Configuration;

/// <summary>Checks what settings mean together and against the machine.</summary>
internal static class OptionsValidator
{
    // The listener looks at its connections once a second.
    private static readonly TimeSpan s_leastClientTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Everything that is wrong.</summary>
    /// <param name="options">The options.</param>
    /// <param name="origin">Where a setting's value came from, by its name.</param>
    public static List<SettingError> Validate(KonkoOptions options, Func<string, string> origin)
    {
        var errors = new List<SettingError>();
        Models();
        Network();
        Keys();
        Tls();
        return errors;

        void Fail(string setting, string message) => errors.Add(new SettingError(setting, origin(setting), message));

        void Models()
        {
            if (options.ModelsDirectory is string folder && !Directory.Exists(folder))
            {
                Fail("models_dir", $"there is no folder '{folder}'.");
                return;
            }

            ServedFiles files = ServedFiles.Of(options);
            IReadOnlyList<ModelOptions> models = files.Models;
            if (models.Count == 0) Fail(options.ModelsDirectory is null ? "models" : "models_dir", NothingToServe(options, files));
            if (options.ChatTemplate is not null && models.Count > 1 && options.Models.Count + (options.ModelsDirectory is null ? 0 : 1) > 0)
                Fail("chat_template", $"stands for one model, and {models.Count} are served; give each model its own 'chat_template' in a file.");
            if (options.ChatTemplate is string template && !File.Exists(template)) Fail("chat_template", $"there is no file '{template}'.");
            var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
            foreach (ModelOptions model in models)
            {
                if (!File.Exists(model.Path)) Fail("models", $"there is no file '{model.Path}'.");
                if (model.ChatTemplate is string own && own != options.ChatTemplate && !File.Exists(own)) Fail("models", $"there is no file '{own}'.");
                foreach (string name in (string[])[ModelCatalogue.IdOf(model), .. model.Aliases])
                {
                    CheckName("models", name);
                    if (!names.Add(name)) Fail("models", $"the name '{name}' stands for two models; give one of them another id.");
                }
            }

            string[] served = [.. names];
            foreach ((string name, string id) in options.Aliases)
            {
                CheckName("aliases", name);
                if (!served.Contains(id, StringComparer.OrdinalIgnoreCase)) Fail("aliases", $"'{name}' stands for '{id}', which is not served. Served: {string.Join(", ", served)}.");
                else if (!names.Add(name)) Fail("aliases", $"'{name}' is already the name of a model.");
            }
        }

        void CheckName(string setting, string name)
        {
            if (!ModelName.IsValid(name)) Fail(setting, $"'{name}' cannot name a model: {ModelName.Rule}");
        }

        void Network()
        {
            if (ListenAddress.Parse(options.Host) is null)
            {
                Fail("host", $"must be localhost, an IP address, or * for every address, not '{options.Host}'.");
            }

            if (options.ClientTimeout < s_leastClientTimeout) Fail("client_timeout", $"must be at least {s_leastClientTimeout.TotalSeconds} seconds.");
            foreach (string cors in options.CorsOrigins)
            {
                if (cors != "*" && !IsOrigin(cors)) Fail("cors", $"must be an origin such as https://app.example, without a path, or *; not '{cors}'.");
            }

            foreach (string host in options.AllowedHosts)
            {
                if (Uri.CheckHostName(host) != UriHostNameType.Dns) Fail("allow_hosts", $"must be a host's name without scheme and port, not '{host}'.");
            }

            foreach (string proxy in options.TrustedProxies)
            {
                if (!IPAddress.TryParse(proxy, out _) && !IPNetwork.TryParse(proxy, out _))
                {
                    Fail("trusted_proxies", $"must be an IP address or a network such as 10.0.0.0/8, not '{proxy}'.");
                }
            }
        }

        void Keys()
        {
            if (options.Keys.Any(key => key.Length == 0 || key.Any(c => c is <= ' ' or > '~'))) Fail("keys", "a key must be visible ASCII characters without spaces.");
            if (options.Keys.Count > 0 && options.NoAuth) Fail("no_auth", "keys are configured too; leave one of them out.");
            if (options.Keys.Count == 0 && !options.NoAuth && ListenAddress.Parse(options.Host) is { IsLoopback: false })
            {
                Fail("host", $"'{options.Host}' can be reached by others and no keys are configured. Add --key KEY, or --no-auth to serve everybody who can reach it.");
            }
        }

        void Tls()
        {
            if (options.TlsCertificate is null)
            {
                if (options.TlsKey is not null) Fail("tls_key", "needs --tls-cert too.");
                if (options.TlsPassword is not null) Fail("tls_password", "needs --tls-cert too.");
                return;
            }

            if (options.H2c) Fail("h2c", "is HTTP/2 without TLS; with --tls-cert HTTP/2 is there anyway.");
            if (!File.Exists(options.TlsCertificate)) Fail("tls_cert", $"there is no file '{options.TlsCertificate}'.");
            if (options.TlsKey is string key && !File.Exists(key)) Fail("tls_key", $"there is no file '{key}'.");
        }
    }

    private static string NothingToServe(KonkoOptions options, ServedFiles files)
        => options.ModelsDirectory is null
            ? "no model comes with this program; name a GGUF file with --model PATH, or fetch one with 'konko models pull ORG/REPO'."
            : string.Join(' ', [$"there is no GGUF file in '{options.ModelsDirectory}' that can be served.", .. files.Skipped]);

    private static bool IsOrigin(string text)
        => Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && uri.Host.Length > 0
            && string.Equals(uri.Scheme + "://" + uri.Authority, text, StringComparison.OrdinalIgnoreCase);
}
