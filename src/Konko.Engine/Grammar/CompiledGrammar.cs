using System.Text.Json;
using Konko.Engine.Grammar.Automaton;
using Konko.Engine.Grammar.Calls;
using Konko.Engine.Grammar.Gbnf;
using Konko.Engine.Grammar.Json;
using Konko.Engine.Grammar.Regex;
using Konko.Engine.Grammar.Schema;
using Konko.Engine.Grammar.Text;

namespace Konko.Engine.Grammar;

/// <summary>What a text must look like, compiled to an automaton over bytes. Immutable and safe to share.</summary>
/// <remarks>
/// Every prefix that it accepts can be completed. Hostile sources end in a <see cref="GrammarException"/> after bounded work.
/// </remarks>
public sealed class CompiledGrammar
{
    private CompiledGrammar(GrammarRule root, string location)
    {
        Root = root;
        Nodes = GrammarFinisher.Finish(root, location);
    }

    /// <summary>Any JSON object.</summary>
    public static CompiledGrammar JsonObject { get; } = new(JsonRules.Object, "json_object");

    internal GrammarRule Root { get; }

    internal IReadOnlyList<GrammarNode> Nodes { get; }

    /// <summary>The JSON values that satisfy a schema (draft 2020-12), in the language of <c>docs/constrained-output.md</c>.</summary>
    /// <param name="schema">The schema: an object or a boolean.</param>
    /// <exception cref="GrammarException">An assertion cannot be enforced (it is named with its JSON pointer), nothing satisfies the schema, or it is broken or too large.</exception>
    public static CompiledGrammar OfJsonSchema(JsonElement schema) => new(SchemaCompiler.Compile(schema), "#");

    /// <summary>The texts that an expression matches as a whole.</summary>
    /// <param name="expression">The expression, in the dialect of ECMA-262.</param>
    /// <exception cref="GrammarException">The expression is broken, too large, matches nothing, or has what no automaton can follow (look-around, back references).</exception>
    public static CompiledGrammar OfRegex(string expression)
    {
        const string Location = "guided_regex";
        var budget = new WorkBudget();
        CharacterDfa dfa = RegexNfa.Compile(RegexParser.Parse(expression, Location), isAnchored: true, budget, Location);
        if (dfa.IsEmpty) throw GrammarException.Unsatisfiable(Location);
        var rule = new GrammarRule(Location);
        rule.Start = DfaNodes.Add(dfa, new CharacterEdges(isJson: false), JsonRules.Accept(), Location);
        return new CompiledGrammar(rule, Location);
    }

    /// <summary>One of a few texts.</summary>
    /// <param name="choices">The texts, at least one, none of them empty.</param>
    /// <exception cref="GrammarException">There is none, one is empty or is no Unicode text, or they are too many.</exception>
    public static CompiledGrammar OfChoices(IReadOnlyList<string> choices)
    {
        const string Location = "guided_choice";
        if (choices.Count == 0) throw GrammarException.Invalid(Location, "there is nothing to choose from");
        var rule = new GrammarRule(Location);
        var edges = new CharacterEdges(isJson: false);
        var children = new Dictionary<(GrammarNode, int), GrammarNode>();
        long length = 0;
        for (int i = 0; i < choices.Count; i++)
        {
            if (choices[i].Length == 0) throw GrammarException.Invalid($"{Location}/{i}", "the text is empty");
            length += choices[i].Length;
            if (length > GrammarLimits.SourceLength) throw GrammarException.TooLarge(Location, "the texts are too long");
            GrammarNode node = rule.Start;
            foreach (System.Text.Rune rune in choices[i].EnumerateRunes())
            {
                if (!children.TryGetValue((node, rune.Value), out GrammarNode? next))
                {
                    children.Add((node, rune.Value), next = new GrammarNode());
                    edges.Add(node, CodePointSet.Of(rune.Value), next);
                }

                node = next;
            }

            node.IsAccepting = true;
        }

        return new CompiledGrammar(rule, Location);
    }

    /// <summary>A grammar in llama.cpp's notation; the whole is its rule <c>root</c>.</summary>
    /// <param name="source">The rules.</param>
    /// <exception cref="GrammarException">The source is broken, left-recursive, too large, or nothing satisfies it.</exception>
    public static CompiledGrammar OfGbnf(string source) => new(GbnfParser.Parse(source), "guided_grammar");

    /// <summary>Texts that are free, but for this: where one begins to call a function, the call is one of the syntax's, with arguments that satisfy the function's schema.</summary>
    /// <param name="syntax">The functions, and how calls stand in the text.</param>
    /// <exception cref="GrammarException">A schema cannot be enforced, nothing satisfies it, or it is all too large.</exception>
    public static CompiledGrammar OfCalls(CallSyntax syntax) => new(CallCompiler.Compile(syntax), "tools");
}
