namespace Konko.House.Tests.Rooms;

/// <summary>One line of the table of who may touch what.</summary>
/// <param name="Project">The project that is the room.</param>
/// <param name="Projects">The projects it may reference.</param>
/// <param name="Packages">The packages it may reference; <c>*</c> for any.</param>
/// <param name="Frameworks">The shared frameworks it may reference.</param>
/// <param name="Never">Namespaces of which it may use no type; those that end in <c>.*</c> cover all below them.</param>
internal sealed record Room(string Project, string[] Projects, string[] Packages, string[] Frameworks, string[] Never)
{
    private const string AspNetCore = "Microsoft.AspNetCore.App";

    /// <summary>The table. A new project gets its line here before it gets its first reference.</summary>
    public static IReadOnlyList<Room> Table { get; } =
    [
        // The BCL, a logger, a meter and local files; no HTTP, no JSON of the wire, no DI container.
        new("Konko.Engine", [], ["Microsoft.Extensions.Logging.Abstractions"], [],
            ["System.Net.*", "System.Text.Json.Serialization.*", "System.Text.RegularExpressions.*", "System.Numerics.Tensors.*",
             "Microsoft.AspNetCore.*", "Microsoft.Extensions.DependencyInjection.*", "Konko.Protocol.*", "Konko.Server.*"]),
        new("Konko.Protocol", [], [], [], ["Microsoft.AspNetCore.*", "Microsoft.Extensions.*", "System.Net.Http.*", "Konko.Engine.*", "Konko.Server.*"]),
        new("Konko.Server", ["Konko.Engine", "Konko.Protocol"], ["*"], [AspNetCore], ["Konko.Cli.*"]),
        new("Konko", ["Konko.Protocol"],
            ["System.Net.ServerSentEvents", "Microsoft.Extensions.AI.Abstractions", "Microsoft.Extensions.DependencyInjection.Abstractions",
             "Microsoft.Extensions.Logging.Abstractions", "Microsoft.CodeAnalysis.PublicApiAnalyzers"], [],
            ["Microsoft.AspNetCore.*", "Konko.Engine.*", "Konko.Server.*"]),
        // The server is referenced for `serve` and for one in-process, the engine for the tools that need no server: `bench`, `quantize`.
        new("Konko.Cli", ["Konko", "Konko.Engine", "Konko.Server"], ["*"], [], ["Konko.Engine.Kernels.*"]),
        new("Konko.Playground", ["Konko"], [], [AspNetCore], ["Konko.Engine.*", "Konko.Server.*"]),
        // Tests see their own room; the house sees the finished program from outside.
        new("Konko.Engine.Tests", ["Konko.Engine"], ["*"], [], []),
        new("Konko.Protocol.Tests", ["Konko.Protocol"], ["*"], [], []),
        new("Konko.Server.Tests", ["Konko.Server"], ["*"], [AspNetCore], []),
        // A server whose model fails, and the clients that others wrote against it and against a real one.
        new("Konko.FaultHost", ["Konko.Server"], [], [AspNetCore], []),
        new("Konko.Clients.Tests", ["Konko.FaultHost", "Konko.Server"], ["*"], [AspNetCore], ["Konko.Engine.*"]),
        new("Konko.Tests", ["Konko"], ["*"], [], []),
        // The SDK against a real server; its own tests are for .NET 8 too, where the server is not.
        new("Konko.Live.Tests", ["Konko", "Konko.FaultHost", "Konko.Server"], ["*"], [AspNetCore], ["Konko.Engine.*"]),
        // The client in a program that is compiled ahead of time; it needs nothing else.
        new("Konko.AotSmoke", ["Konko"], [], [], []),
        new("Konko.Cli.Tests", ["Konko.Cli"], ["*"], [], []),
        new("Konko.Load.Tests", ["Konko.Load"], ["*"], [], []),
        new("Konko.House.Tests", ["Konko", "Konko.Cli"], ["*"], [], []),
        // The bench measures kernels in process and the server over the wire only; the same load goes to either.
        new("Konko.Bench", ["Konko.Engine", "Konko.Load"], ["*"], [], []),
        // The SDK beside a bare reading of the same bytes.
        new("Konko.Bench.Sdk", ["Konko"], [], [], []),
        new("Konko.Load", [], [], [], ["Konko.*", "Microsoft.*"]),
    ];

    /// <summary>Whether a type of that namespace may not be used here.</summary>
    public bool Forbids(string typeNamespace) => Never.Any(rule => (typeNamespace + ".").StartsWith(rule[..^1], StringComparison.Ordinal));
}
