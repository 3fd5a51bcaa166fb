using System.Globalization;
using System.Net;
using Konko.Server.Models;

namespace Konko.Server.Hosting;

/// <summary>What a starting server says: what it serves, where, and whether keys are needed.</summary>
public static class StartBanner
{
    /// <summary>A few lines for people.</summary>
    /// <param name="server">A server that listens.</param>
    public static IEnumerable<string> Lines(KonkoServer server)
    {
        ArgumentNullException.ThrowIfNull(server);
        string scheme = server.Options.TlsCertificate is null ? "http" : "https";
        string[] bases = [.. server.EndPoints.Select(e => $"{scheme}://{Shown(e)}")];
        yield return $"Konko {typeof(StartBanner).Assembly.GetName().Version!.ToString(3)}";
        foreach (RegisteredModel model in server.Models.Models)
        {
            string names = string.Join(", also ", (string[])[model.Id, .. server.Models.AliasesOf(model)]);
            yield return $"  serves  {names} ({Path.GetFileName(model.Options.Path)}, {Size(model)})";
            if (model.Plan is ModelPlan plan) yield return $"          {(model.AtStart ? "needs" : "on demand, needs")} up to {ByteSize.Text(plan.Bytes)}: {plan}, context {Context(plan)}";
        }

        yield return $"  memory  up to {ByteSize.Text(server.Models.Pool.Limit)} for all models{(server.Options.MemoryBytes is null ? ", nine tenths of what is left on this machine (--memory)" : "")}";

        yield return $"  at      {string.Join(" and ", bases.Select(b => b + "/v1"))}{(server.EndPoints.Any(IsEvery) ? ", on every address of this machine" : "")} (open {bases[0]}/ in a browser)";
        yield return $"  keys    {Keys(server)}";
    }

    private static string Keys(KonkoServer server) => server.Options switch
    {
        { Keys.Count: 1 } => "1 key is configured, calls need it",
        { Keys.Count: > 1 } options => $"{options.Keys.Count} keys are configured, calls need one",
        { NoAuth: true } => "none configured: any key or none is accepted, from everybody who can reach this address",
        _ => "none configured: any key or none is accepted, from this machine only",
    };

    private static string Context(ModelPlan plan)
        => plan.ContextLength < plan.File.ContextLength
            ? string.Create(CultureInfo.InvariantCulture, $"{plan.ContextLength} of {plan.File.ContextLength} tokens, for want of memory for keys and values")
            : string.Create(CultureInfo.InvariantCulture, $"{plan.ContextLength} tokens");

    private static string Shown(IPEndPoint endPoint) => IsEvery(endPoint) ? $"localhost:{endPoint.Port}" : endPoint.ToString();

    private static bool IsEvery(IPEndPoint endPoint) => endPoint.Address.Equals(IPAddress.IPv6Any) || endPoint.Address.Equals(IPAddress.Any);

    private static string Size(RegisteredModel model)
        => string.Create(CultureInfo.InvariantCulture, $"{(model.Plan?.File.FileBytes ?? new FileInfo(model.Options.Path).Length) / (1024.0 * 1024.0):0} MiB");
}
