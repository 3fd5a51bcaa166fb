using System.Globalization;
using System.Numerics;
using System.Text;
using Konko.Engine.Templates.Expressions;
using Konko.Engine.Templates.Values;

namespace Konko.Engine.Templates.Syntax;

/// <content>The expressions, from the loosest to the tightest binding.</content>
internal sealed partial class Parser
{
    /// <summary>Parses <c>a, b</c> without brackets, or one expression.</summary>
    /// <param name="isConditionalAllowed">Whether <c>if</c> may follow as an operator.</param>
    /// <param name="endName">A keyword that ends the tuple, or null.</param>
    private Expression ParseTuple(bool isConditionalAllowed = true, string? endName = null)
    {
        Expression first = Parse();
        if (!Current.IsOperator(",")) return first;
        var items = new List<Expression> { first };
        while (SkipOperator(","))
        {
            bool isEnd = Current.Kind is TokenKind.VariableEnd or TokenKind.BlockEnd || Current.IsOperator(")") || (endName is not null && Current.IsName(endName));
            if (isEnd) break;
            items.Add(Parse());
        }
        return new ListExpression([.. items], SequenceKind.Tuple);

        Expression Parse() => isConditionalAllowed ? ParseExpression() : ParseOr();
    }

    private Expression ParseExpression()
    {
        Descend();
        Expression value = ParseOr();
        while (SkipName("if"))
        {
            Expression condition = ParseOr();
            value = new ConditionalExpression(condition, value, SkipName("else") ? ParseExpression() : null);
        }
        _depth--;
        return value;
    }

    private Expression ParseOr()
    {
        Expression left = ParseAnd();
        while (SkipName("or")) left = new LogicalExpression(isAnd: false, left, ParseAnd());
        return left;
    }

    private Expression ParseAnd()
    {
        Expression left = ParseNot();
        while (SkipName("and")) left = new LogicalExpression(isAnd: true, left, ParseNot());
        return left;
    }

    private Expression ParseNot()
    {
        if (!SkipName("not")) return ParseCompare();
        Descend();
        var result = new UnaryExpression("not", ParseNot());
        _depth--;
        return result;
    }

    private Expression ParseCompare()
    {
        Expression first = ParseSum();
        var rest = new List<(string, Expression)>();
        while (true)
        {
            if (Current.Kind == TokenKind.Operator && Current.Text is "==" or "!=" or "<" or "<=" or ">" or ">=")
            {
                string operation = Next().Text;
                rest.Add((operation, ParseSum()));
            }
            else if (SkipName("in"))
            {
                rest.Add(("in", ParseSum()));
            }
            else if (Current.IsName("not") && _tokens[_at + 1].IsName("in"))
            {
                _at += 2;
                rest.Add(("not in", ParseSum()));
            }
            else
            {
                return rest.Count == 0 ? first : new CompareExpression(first, [.. rest]);
            }
        }
    }

    private Expression ParseSum()
    {
        Expression left = ParseConcat();
        while (Current.Kind == TokenKind.Operator && Current.Text is "+" or "-") left = new BinaryExpression(Next().Text, left, ParseConcat());
        return left;
    }

    private Expression ParseConcat()
    {
        Expression first = ParseProduct();
        if (!Current.IsOperator("~")) return first;
        var operands = new List<Expression> { first };
        while (SkipOperator("~")) operands.Add(ParseProduct());
        return new ConcatExpression([.. operands]);
    }

    private Expression ParseProduct()
    {
        Expression left = ParsePower();
        while (Current.Kind == TokenKind.Operator && Current.Text is "*" or "/" or "//" or "%")
            left = new BinaryExpression(Next().Text, left, ParsePower());
        return left;
    }

    private Expression ParsePower()
    {
        Expression left = ParseUnary(areFiltersAllowed: true);
        while (SkipOperator("**")) left = new BinaryExpression("**", left, ParseUnary(areFiltersAllowed: true));
        return left;
    }

    private Expression ParseUnary(bool areFiltersAllowed)
    {
        Expression value;
        if (Current.IsOperator("-") || Current.IsOperator("+"))
        {
            Descend();
            value = new UnaryExpression(Next().Text, ParseUnary(areFiltersAllowed: false));
            _depth--;
        }
        else
        {
            value = ParsePrimary();
        }
        value = ParsePostfix(value);
        return areFiltersAllowed ? ParseFiltersAndTests(value) : value;
    }

    private Expression ParsePrimary()
    {
        Token token = Next();
        switch (token.Kind)
        {
            case TokenKind.Name:
                return ParseName(token.Text);
            case TokenKind.String:
                return new ConstantExpression(StringValue.Trusted(ParseStrings(token.Text)));
            case TokenKind.Integer:
                return new ConstantExpression(new IntegerValue(ParseInteger(token.Text), trusted: true));
            case TokenKind.Float:
                return new ConstantExpression(new FloatValue(double.Parse(token.Text, CultureInfo.InvariantCulture), trusted: true));
            case TokenKind.Operator when token.Text == "(":
                return ParseParentheses();
            case TokenKind.Operator when token.Text == "[":
                return new ListExpression(ParseItems("]"), SequenceKind.List);
            case TokenKind.Operator when token.Text == "{":
                return ParseDict();
            default:
                throw new TemplateException($"{token} is not expected here, but a value", token.Line);
        }
    }

    private Expression ParseName(string name)
    {
        switch (name)
        {
            case "true" or "True": return new ConstantExpression(BooleanValue.True);
            case "false" or "False": return new ConstantExpression(BooleanValue.False);
            case "none" or "None": return new ConstantExpression(NoneValue.Instance);
            default:
                _mentioned.Add(name);
                return new NameExpression(name, _names.Add(name));
        }
    }

    private static bool IsConstant(string name) => name is "true" or "True" or "false" or "False" or "none" or "None";

    private string ParseStrings(string first)
    {
        if (Current.Kind != TokenKind.String) return first;
        var text = new StringBuilder(first);
        while (Current.Kind == TokenKind.String) text.Append(Next().Text);
        return text.ToString();
    }

    private BigInteger ParseInteger(string digits)
    {
        if (digits.Length > TemplateLimits.IntegerDigits) throw Error($"an integer has more than {TemplateLimits.IntegerDigits} digits");
        int radix = digits.Length < 2 || digits[0] != '0' ? 10 : (digits[1] | 0x20) switch { 'x' => 16, 'o' => 8, 'b' => 2, _ => 10 };
        BigInteger value = BigInteger.Zero;
        foreach (char unit in digits.AsSpan(radix == 10 ? 0 : 2))
        {
            int digit = char.IsAsciiDigit(unit) ? unit - '0' : (unit | 0x20) - 'a' + 10;
            if (digit >= radix) throw Error($"'{digits}' is not a number");
            value = (value * radix) + digit;
        }
        return value;
    }

    private Expression ParseParentheses()
    {
        if (SkipOperator(")")) return new ListExpression([], SequenceKind.Tuple);
        Expression value = ParseTuple();
        ExpectOperator(")");
        return value;
    }

    private Expression[] ParseItems(string end)
    {
        var items = new List<Expression>();
        while (!Current.IsOperator(end))
        {
            if (items.Count > 0) ExpectOperator(",");
            if (Current.IsOperator(end)) break;
            items.Add(ParseExpression());
        }
        ExpectOperator(end);
        return [.. items];
    }

    private DictExpression ParseDict()
    {
        var members = new List<(Expression, Expression)>();
        while (!Current.IsOperator("}"))
        {
            if (members.Count > 0) ExpectOperator(",");
            if (Current.IsOperator("}")) break;
            Expression key = ParseExpression();
            ExpectOperator(":");
            members.Add((key, ParseExpression()));
        }
        ExpectOperator("}");
        return new DictExpression([.. members]);
    }

    private Expression ParsePostfix(Expression value)
    {
        while (Current.Kind == TokenKind.Operator)
        {
            switch (Current.Text)
            {
                case ".":
                    Next();
                    Token member = Next();
                    value = member.Kind switch
                    {
                        TokenKind.Name => new AttributeExpression(value, member.Text),
                        TokenKind.Integer => new ItemExpression(value, new ConstantExpression(new IntegerValue(ParseInteger(member.Text), trusted: true))),
                        _ => throw new TemplateException($"{member} is not expected here, but a name or number", member.Line),
                    };
                    break;
                case "[":
                    Next();
                    value = ParseSubscript(value);
                    break;
                case "(":
                    value = new CallExpression(value, ParseArguments());
                    break;
                default:
                    return value;
            }
        }
        return value;
    }

    private Expression ParseSubscript(Expression owner)
    {
        Expression? start = Current.IsOperator(":") ? null : ParseExpression();
        if (!SkipOperator(":"))
        {
            Expression key = start!;
            if (Current.IsOperator(",")) key = new ListExpression([start!, .. ParseMoreItems()], SequenceKind.Tuple);
            ExpectOperator("]");
            return new ItemExpression(owner, key);
        }
        Expression? stop = Current.IsOperator(":") || Current.IsOperator("]") ? null : ParseExpression();
        Expression? step = SkipOperator(":") && !Current.IsOperator("]") ? ParseExpression() : null;
        ExpectOperator("]");
        return new SliceExpression(owner, start, stop, step);
    }

    private List<Expression> ParseMoreItems()
    {
        var items = new List<Expression>();
        while (SkipOperator(",")) items.Add(ParseExpression());
        return items;
    }

    private Expression ParseFiltersAndTests(Expression value)
    {
        while (true)
        {
            if (SkipOperator("|")) value = ParseFilter(value);
            else if (SkipName("is")) value = ParseTest(value);
            else if (Current.IsOperator("(")) value = new CallExpression(value, ParseArguments());
            else return value;
        }
    }

    private FilterExpression ParseFilter(Expression? value)
    {
        string name = ParseDottedName();
        return new FilterExpression(value, name, Current.IsOperator("(") ? ParseArguments() : ArgumentList.None);
    }

    private Expression ParseTest(Expression value)
    {
        bool isNegated = SkipName("not");
        string name = ParseDottedName();
        ArgumentList arguments = ArgumentList.None;
        if (Current.IsOperator("("))
        {
            arguments = ParseArguments();
        }
        else if (BeginsTestArgument())
        {
            if (Current.IsName("is")) throw Error("tests cannot be chained");
            arguments = new ArgumentList([ParsePostfix(ParsePrimary())], [], null, null);
        }
        var test = new TestExpression(value, name, arguments);
        return isNegated ? new UnaryExpression("not", test) : test;
    }

    private bool BeginsTestArgument() =>
        Current.Kind is TokenKind.String or TokenKind.Integer or TokenKind.Float
        || Current.IsOperator("[") || Current.IsOperator("{")
        || (Current.Kind == TokenKind.Name && Current.Text is not ("else" or "or" or "and" or "if"));

    private string ParseDottedName()
    {
        string name = Expect(TokenKind.Name).Text;
        while (SkipOperator(".")) name += "." + Expect(TokenKind.Name).Text;
        return name;
    }

    private ArgumentList ParseArguments()
    {
        var positional = new List<Expression>();
        var named = new List<(string, Expression)>();
        Expression? rest = null, namedRest = null;
        ExpectOperator("(");
        bool isFirst = true;
        while (!Current.IsOperator(")"))
        {
            if (!isFirst) ExpectOperator(",");
            if (Current.IsOperator(")")) break;
            isFirst = false;
            if (namedRest is not null || (rest is not null && !Current.IsOperator("**") && !IsNamedArgument())) throw Error("an argument follows * or **");
            if (SkipOperator("*")) rest = ParseExpression();
            else if (SkipOperator("**")) namedRest = ParseExpression();
            else if (IsNamedArgument()) named.Add((ParseArgumentName(), ParseExpression()));
            else if (named.Count > 0) throw Error("a positional argument follows one with a name");
            else positional.Add(ParseExpression());
        }
        ExpectOperator(")");
        return new ArgumentList([.. positional], [.. named], rest, namedRest);
    }

    private bool IsNamedArgument() => Current.Kind == TokenKind.Name && _tokens[_at + 1].IsOperator("=");

    private string ParseArgumentName()
    {
        string name = Next().Text;
        Next();
        return name;
    }
}
