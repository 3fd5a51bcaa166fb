using System.Collections.Frozen;
using Konko.Engine.Templates.Python;
using Konko.Engine.Templates.Runtime;
using Konko.Engine.Templates.Values;

namespace Konko.Engine.Templates.Library;

/// <summary>The tests a template can use: all of Jinja's.</summary>
internal static class Tests
{
    private static readonly FrozenDictionary<string, Test> Table = new Dictionary<string, Test>
    {
        ["defined"] = Of("defined", static value => value is not UndefinedValue),
        ["undefined"] = Of("undefined", static value => value is UndefinedValue),
        ["none"] = Of("none", static value => value is NoneValue),
        ["boolean"] = Of("boolean", static value => value is BooleanValue),
        ["true"] = Of("true", static value => value == BooleanValue.True),
        ["false"] = Of("false", static value => value == BooleanValue.False),
        ["integer"] = Of("integer", static value => value is IntegerValue),
        ["float"] = Of("float", static value => value is FloatValue),
        ["number"] = Of("number", static value => value is IntegerValue or FloatValue or BooleanValue),
        ["string"] = Of("string", static value => value is StringValue),
        ["mapping"] = Of("mapping", static value => value is DictValue),
        ["sequence"] = Of("sequence", static value => value is StringValue or DictValue or UndefinedValue or ListValue { IsIndexable: true }),
        ["iterable"] = Of("iterable", static value => value is StringValue or DictValue or UndefinedValue or ListValue or LoopValue),
        ["callable"] = Of("callable", static value => value is CallableValue or UndefinedValue),
        ["escaped"] = Of("escaped", static value => value is StringValue { IsMarkup: true }),
        ["lower"] = (context, value, _) => StringMethods.IsCased(PythonText.Str(context, value).Text, UnicodeData.IsLower, UnicodeData.IsUpper),
        ["upper"] = (context, value, _) => StringMethods.IsCased(PythonText.Str(context, value).Text, UnicodeData.IsUpper, UnicodeData.IsLower),
        ["odd"] = (_, value, arguments) => IsRemainder("odd", value, IntegerValue.Of(2), 1, arguments),
        ["even"] = (_, value, arguments) => IsRemainder("even", value, IntegerValue.Of(2), 0, arguments),
        ["divisibleby"] = (_, value, arguments) =>
            IsRemainder("divisibleby", value, Take.Value(arguments.Bind("divisibleby", "num")[0], "num"), 0, CallArguments.None),
        ["sameas"] = (context, value, arguments) => IsSame(value, Other("sameas", arguments)),
        ["in"] = (context, value, arguments) => Comparison.Contains(context, Other("in", arguments), value),
        ["filter"] = (_, value, _) => value is StringValue name && Filters.Find(name.Text) is not null,
        ["test"] = (_, value, _) => value is StringValue name && Find(name.Text) is not null,
        ["=="] = AreEqual,
        ["eq"] = AreEqual,
        ["equalto"] = AreEqual,
        ["!="] = (context, value, arguments) => !AreEqual(context, value, arguments),
        ["ne"] = (context, value, arguments) => !AreEqual(context, value, arguments),
        [">"] = Ordered(static order => order > 0),
        ["gt"] = Ordered(static order => order > 0),
        ["greaterthan"] = Ordered(static order => order > 0),
        [">="] = Ordered(static order => order >= 0),
        ["ge"] = Ordered(static order => order >= 0),
        ["<"] = Ordered(static order => order < 0),
        ["lt"] = Ordered(static order => order < 0),
        ["lessthan"] = Ordered(static order => order < 0),
        ["<="] = Ordered(static order => order <= 0),
        ["le"] = Ordered(static order => order <= 0),
    }.ToFrozenDictionary();

    /// <summary>A test by name, or null.</summary>
    public static Test? Find(string name) => Table.GetValueOrDefault(name);

    private static Test Of(string name, Func<TemplateValue, bool> holds) => (_, value, arguments) =>
    {
        arguments.BindNone(name);
        return holds(value);
    };

    private static bool AreEqual(RenderContext context, TemplateValue value, CallArguments arguments) =>
        Comparison.AreEqual(context, value, Other("==", arguments));

    private static Test Ordered(Func<int, bool> holds) => (context, value, arguments) =>
        Comparison.Compare(context, value, Other("comparison", arguments)) is int order && holds(order);

    private static TemplateValue Other(string name, CallArguments arguments) => Take.Value(arguments.Bind(name, "other")[0], "other");

    private static bool IsRemainder(string name, TemplateValue value, TemplateValue divisor, int remainder, CallArguments arguments)
    {
        arguments.BindNone(name);
        Number.TryGet(Arithmetic.Modulo(value, divisor), out Number result);
        return result.Float == remainder;
    }

    private static bool IsSame(TemplateValue left, TemplateValue right) =>
        ReferenceEquals(left, right) || (KeyComparer.CanBeKey(left) && left.GetType() == right.GetType() && KeyComparer.Instance.Equals(left, right));
}
