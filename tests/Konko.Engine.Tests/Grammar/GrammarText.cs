using System.Text;
using System.Text.Json;
using Konko.Engine.Grammar;
using Konko.Engine.Grammar.Automaton;

namespace Konko.Engine.Tests.Grammar;

/// <summary>Asks grammars about whole texts.</summary>
internal static class GrammarText
{
    public static CompiledGrammar Schema(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return CompiledGrammar.OfJsonSchema(document.RootElement);
    }

    public static PushdownAutomaton Automaton(CompiledGrammar grammar) => new(grammar.Root, grammar.Nodes);

    public static bool Accepts(CompiledGrammar grammar, string text) => Accepts(Automaton(grammar), Encoding.UTF8.GetBytes(text));

    public static bool Accepts(PushdownAutomaton automaton, ReadOnlySpan<byte> text) => After(automaton, automaton.Start, text).IsAccepting;

    public static StateSet After(PushdownAutomaton automaton, StateSet state, ReadOnlySpan<byte> text)
    {
        foreach (byte value in text)
        {
            if (state.IsDead) break;
            state = automaton.Step(state, value);
        }

        return state;
    }

    public static GrammarException Refused(Action compile) => Assert.Throws<GrammarException>(compile);
}
