using System.Text.Json;
using Konko.Engine.Grammar;

namespace Konko.Server.Api.Answers;

/// <summary>Keeps the grammars of the latest schemas, so that a schema that comes with every request is compiled once, and what was worked out about its masks stays known.</summary>
/// <remarks>Few, because a hostile one is large.</remarks>
internal sealed class GrammarCache
{
    internal const int Capacity = 8;

    private readonly Lock _lock = new();
    private readonly List<(string Source, CompiledGrammar Grammar)> _latest = [];

    /// <summary>The cache of the process; what a schema compiles to depends on nothing else.</summary>
    public static GrammarCache Shared { get; } = new();

    /// <summary>The grammar of a schema.</summary>
    /// <param name="schema">The schema.</param>
    /// <exception cref="GrammarException">It cannot be enforced.</exception>
    public CompiledGrammar OfSchema(JsonElement schema) => Of(schema.GetRawText(), () => CompiledGrammar.OfJsonSchema(schema));

    /// <summary>The grammar of any source.</summary>
    /// <param name="source">All that the grammar hangs on.</param>
    /// <param name="compile">Compiles it.</param>
    /// <exception cref="GrammarException">It cannot be enforced.</exception>
    public CompiledGrammar Of(string source, Func<CompiledGrammar> compile)
    {
        if (Find(source) is { } known) return known;
        CompiledGrammar grammar = compile();
        lock (_lock)
        {
            // Another request may have been faster; what is known of its masks is worth more than a second one.
            int index = _latest.FindIndex(entry => entry.Source == source);
            if (index >= 0) return _latest[index].Grammar;
            if (_latest.Count == Capacity) _latest.RemoveAt(0);
            _latest.Add((source, grammar));
        }

        return grammar;
    }

    private CompiledGrammar? Find(string source)
    {
        lock (_lock)
        {
            int index = _latest.FindIndex(entry => entry.Source == source);
            if (index < 0) return null;
            (string Source, CompiledGrammar Grammar) entry = _latest[index];
            _latest.RemoveAt(index);
            _latest.Add(entry);
            return entry.Grammar;
        }
    }
}
