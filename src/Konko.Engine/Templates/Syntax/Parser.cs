using System.Runtime.CompilerServices;
using Konko.Engine.Templates.Expressions;
using Konko.Engine.Templates.Statements;

namespace Konko.Engine.Templates.Syntax;

/// <summary>Makes the syntax tree of a template: here the statements.</summary>
internal sealed partial class Parser
{
    private readonly List<Token> _tokens;
    private readonly NameTable _names;
    private int _at;
    private int _depth;
    private int _loops;

    // Names that the macro being parsed mentions: caller, varargs and kwargs are only passed to one that does.
    private HashSet<string> _mentioned = [];

    private Parser(List<Token> tokens, NameTable names)
    {
        _tokens = tokens;
        _names = names;
    }

    private Token Current => _tokens[_at];

    /// <summary>The tree of a template.</summary>
    /// <param name="source">The template.</param>
    /// <param name="names">Where its names are numbered.</param>
    /// <exception cref="TemplateException">The template is malformed.</exception>
    public static Statement Parse(string source, NameTable names)
    {
        var parser = new Parser(Lexer.Tokenize(source), names);
        try
        {
            return parser.ParseBody([]);
        }
        catch (TemplateException exception) when (exception.Line == 0)
        {
            throw parser.Error(exception.Message);
        }
    }

    /// <summary>Parses up to one of the tags, whose name is then the current token.</summary>
    private Block ParseBody(ReadOnlySpan<string> ends)
    {
        Descend();
        int line = Current.Line;
        var statements = new List<Statement>();
        while (true)
        {
            Token token = Next();
            switch (token.Kind)
            {
                case TokenKind.Data:
                    statements.Add(new TextStatement(token.Text, token.Line));
                    break;
                case TokenKind.VariableBegin:
                    statements.Add(new OutputStatement(ParseTuple(), token.Line));
                    Expect(TokenKind.VariableEnd);
                    break;
                case TokenKind.BlockBegin:
                    if (Current.Kind == TokenKind.Name && ends.Contains(Current.Text))
                    {
                        _depth--;
                        return new Block([.. statements], line);
                    }
                    statements.Add(ParseStatement(token.Line));
                    Expect(TokenKind.BlockEnd);
                    break;
                default:
                    if (!ends.IsEmpty) throw Error($"the template ends where '{ends[0]}' is expected");
                    return new Block([.. statements], line);
            }
        }
    }

    /// <summary>Parses the rest of an opening tag, the body, and the name of the tag that ends it.</summary>
    private Block ParseTagBody(params ReadOnlySpan<string> ends)
    {
        SkipOperator(":");
        Expect(TokenKind.BlockEnd);
        return ParseBody(ends);
    }

    private Statement ParseStatement(int line)
    {
        Token tag = Expect(TokenKind.Name);
        switch (tag.Text)
        {
            case "if": return ParseIf(line);
            case "for": return ParseFor(line);
            case "set": return ParseSet(line);
            case "macro": return ParseMacro(line);
            case "call": return ParseCall(line);
            case "filter": return ParseFilterBlock(line);
            case "with": return ParseWith(line);
            case "generation": return ParseGeneration(line);
            case "break" when _loops > 0: return new LoopControlStatement(Flow.Break, line);
            case "continue" when _loops > 0: return new LoopControlStatement(Flow.Continue, line);
            case "break" or "continue": throw Error($"'{tag.Text}' is outside of a loop");
            default: throw Error($"unknown tag '{tag.Text}'");
        }
    }

    private IfStatement ParseIf(int line)
    {
        var branches = new List<(Expression, Statement)>();
        Statement? otherwise = null;
        string end;
        do
        {
            Expression condition = ParseTuple(isConditionalAllowed: false);
            branches.Add((condition, ParseTagBody("endif", "elif", "else")));
            end = Next().Text;
        }
        while (end == "elif");
        if (end == "else")
        {
            otherwise = ParseTagBody("endif");
            Next();
        }
        return new IfStatement([.. branches], otherwise, line);
    }

    private ForStatement ParseFor(int line)
    {
        Target target = ParseTarget(isNamespaceAllowed: false);
        ExpectName("in");
        Expression iterable = ParseTuple(isConditionalAllowed: false, endName: "recursive");
        Expression? filter = SkipName("if") ? ParseExpression() : null;
        bool isRecursive = SkipName("recursive");
        _loops++;
        Statement body = ParseTagBody("endfor", "else");
        _loops--;
        Statement? otherwise = null;
        if (Next().Text == "else")
        {
            otherwise = ParseTagBody("endfor");
            Next();
        }
        return new ForStatement(target, iterable, filter, body, otherwise, isRecursive, _names.Add("loop"), line);
    }

    private Statement ParseSet(int line)
    {
        Target target = ParseTarget(isNamespaceAllowed: true);
        if (SkipOperator("=")) return new SetStatement(target, ParseTuple(), line);
        FilterExpression? filter = null;
        while (SkipOperator("|")) filter = ParseFilter(filter);
        return new SetBlockStatement(target, filter, ParseOwnText("endset"), line);
    }

    private MacroStatement ParseMacro(int line)
    {
        string name = Expect(TokenKind.Name).Text;
        return new MacroStatement(_names.Add(name), ParseDefinition(name, "endmacro", ParseSignature()), line);
    }

    private CallBlockStatement ParseCall(int line)
    {
        (string, int, Expression?)[] parameters = Current.IsOperator("(") ? ParseSignature() : [];
        if (ParseExpression() is not CallExpression call) throw Error("a call block needs a call");
        return new CallBlockStatement(call, ParseDefinition("caller", "endcall", parameters), line);
    }

    private MacroDefinition ParseDefinition(string name, string end, (string, int, Expression?)[] parameters)
    {
        HashSet<string> outer = _mentioned;
        _mentioned = [];
        Statement body = ParseOwnText(end);
        var definition = new MacroDefinition(name, parameters, body, NumberIfMentioned("varargs"), NumberIfMentioned("kwargs"), NumberIfMentioned("caller"));
        outer.UnionWith(_mentioned);
        _mentioned = outer;
        return definition;
    }

    private int NumberIfMentioned(string name) => _mentioned.Contains(name) ? _names.Add(name) : -1;

    private (string Name, int Number, Expression? Default)[] ParseSignature()
    {
        var parameters = new List<(string, int, Expression?)>();
        ExpectOperator("(");
        while (!Current.IsOperator(")"))
        {
            if (parameters.Count > 0) ExpectOperator(",");
            string name = Expect(TokenKind.Name).Text;
            Expression? missing = SkipOperator("=") ? ParseExpression() : null;
            if (missing is null && parameters.Count > 0 && parameters[^1].Item3 is not null)
                throw Error("a parameter without a default follows one that has one");
            parameters.Add((name, _names.Add(name), missing));
        }
        ExpectOperator(")");
        return [.. parameters];
    }

    private FilterBlockStatement ParseFilterBlock(int line)
    {
        FilterExpression filter = ParseFilter(null);
        while (SkipOperator("|")) filter = ParseFilter(filter);
        return new FilterBlockStatement(filter, ParseOwnText("endfilter"), line);
    }

    private WithStatement ParseWith(int line)
    {
        var assignments = new List<(Target, Expression)>();
        while (Current.Kind != TokenKind.BlockEnd)
        {
            if (assignments.Count > 0) ExpectOperator(",");
            Target target = ParseTarget(isNamespaceAllowed: false);
            ExpectOperator("=");
            assignments.Add((target, ParseExpression()));
        }
        Statement body = ParseTagBody("endwith");
        Next();
        return new WithStatement([.. assignments], body, line);
    }

    /// <summary>A generation block marks the assistant's text for training; here it is only a scope.</summary>
    private WithStatement ParseGeneration(int line)
    {
        Statement body = ParseTagBody("endgeneration");
        Next();
        return new WithStatement([], body, line);
    }

    /// <summary>Parses the body of a block whose text is kept apart, so that no loop outside can be left from it.</summary>
    private Block ParseOwnText(string end)
    {
        int loops = _loops;
        _loops = 0;
        Block body = ParseTagBody(end);
        Next();
        _loops = loops;
        return body;
    }

    private Target ParseTarget(bool isNamespaceAllowed)
    {
        Target first = ParseSingleTarget(isNamespaceAllowed);
        if (!Current.IsOperator(",")) return first;
        var targets = new List<Target> { first };
        while (SkipOperator(","))
        {
            if (Current.IsOperator("=") || Current.IsName("in") || Current.Kind == TokenKind.BlockEnd || Current.IsOperator(")")) break;
            targets.Add(ParseSingleTarget(isNamespaceAllowed));
        }
        return new TupleTarget([.. targets]);
    }

    private Target ParseSingleTarget(bool isNamespaceAllowed)
    {
        if (SkipOperator("("))
        {
            Descend();
            Target inner = ParseTarget(isNamespaceAllowed);
            ExpectOperator(")");
            _depth--;
            return inner;
        }
        string name = Expect(TokenKind.Name).Text;
        if (IsConstant(name)) throw Error($"cannot assign to '{name}'");
        if (!isNamespaceAllowed || !SkipOperator(".")) return new NameTarget(_names.Add(name));
        return new NamespaceTarget(name, _names.Add(name), Expect(TokenKind.Name).Text);
    }

    private void Descend()
    {
        if (++_depth > TemplateLimits.ParseDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw Error("the template is nested too deeply");
    }

    private Token Next() => _tokens[_at < _tokens.Count - 1 ? _at++ : _at];

    private Token Expect(TokenKind kind)
    {
        if (Current.Kind != kind) throw Error($"{Current} is not expected here, but {new Token(kind, kind.ToString(), 0)}");
        return Next();
    }

    private void ExpectOperator(string text)
    {
        if (!SkipOperator(text)) throw Error($"{Current} is not expected here, but '{text}'");
    }

    private void ExpectName(string text)
    {
        if (!SkipName(text)) throw Error($"{Current} is not expected here, but '{text}'");
    }

    private bool SkipOperator(string text)
    {
        if (!Current.IsOperator(text)) return false;
        Next();
        return true;
    }

    private bool SkipName(string text)
    {
        if (!Current.IsName(text)) return false;
        Next();
        return true;
    }

    private TemplateException Error(string message) => new(message, Current.Line);
}
