using Konko.Engine.Templates.Runtime;
using Konko.Engine.Templates.Values;

namespace Konko.Engine.Templates.Python;

/// <summary>Python's equality, order and membership. Where a string came from plays no part.</summary>
internal static class Comparison
{
    /// <summary>Whether two values are equal.</summary>
    public static bool AreEqual(RenderContext context, TemplateValue left, TemplateValue right) => AreEqual(context, left, right, 0);

    /// <summary>Whether two rows of values are equal.</summary>
    public static bool AreEqual(RenderContext context, TemplateValue[] left, TemplateValue[] right) => AreEqual(context, left, right, 0);

    /// <summary>The order of two values: negative, zero or positive; null where not a number is compared.</summary>
    /// <exception cref="TemplateException">Values of these types have no order.</exception>
    public static int? Compare(RenderContext context, TemplateValue left, TemplateValue right) => Compare(context, left, right, 0);

    /// <summary>Whether a value is in a string, sequence or dictionary.</summary>
    /// <exception cref="TemplateException">Nothing can be in a value of that type.</exception>
    public static bool Contains(RenderContext context, TemplateValue container, TemplateValue item)
    {
        switch (container)
        {
            case StringValue text:
                if (item is not StringValue part) throw new TemplateException($"'in <string>' requires a string on the left, not {item.TypeName}");
                context.Step(text.Length >> 5);
                return text.Text.Contains(part.Text, StringComparison.Ordinal);
            case DictValue dict:
                if (!KeyComparer.CanBeKey(item) && item is not UndefinedValue) throw new TemplateException($"unhashable type: '{item.TypeName}'");
                return dict.TryGet(item, out _);
            case ListValue list:
                foreach (TemplateValue element in list.Take())
                {
                    if (AreEqual(context, element, item)) return true;
                }
                return false;
            case UndefinedValue:
                return false;
            default:
                throw new TemplateException($"argument of type '{container.TypeName}' is not iterable");
        }
    }

    /// <summary>Strings in the order of their code points.</summary>
    public static int CompareText(string left, string right)
    {
        int common = left.AsSpan().CommonPrefixLength(right);
        if (common == left.Length || common == right.Length) return left.Length - right.Length;
        char a = left[common], b = right[common];
        // UTF-16 puts surrogates, which stand for the highest code points, before U+E000.
        if (char.IsSurrogate(a) != char.IsSurrogate(b)) return char.IsSurrogate(a) ? 1 : -1;
        return a - b;
    }

    private static bool AreEqual(RenderContext context, TemplateValue left, TemplateValue right, int depth)
    {
        context.Step(1);
        if (depth > TemplateLimits.ValueDepth) throw new TemplateException("a value is nested too deeply to be compared");
        switch (left, right)
        {
            case (StringValue a, StringValue b):
                context.Step(a.Length >> 5);
                return a.Text == b.Text;
            case (UndefinedValue, UndefinedValue):
                return true;
            case (ListValue a, ListValue b):
                return ReferenceEquals(a, b) || (a.Kind == b.Kind && a.IsIndexable && AreEqual(context, a.Items, b.Items, depth + 1));
            case (DictValue a, DictValue b):
                return ReferenceEquals(a, b) || AreEqual(context, a, b, depth + 1);
            default:
                if (Number.TryGet(left, out Number x) && Number.TryGet(right, out Number y)) return x.CompareTo(y) == 0;
                return ReferenceEquals(left, right);
        }
    }

    private static bool AreEqual(RenderContext context, TemplateValue[] left, TemplateValue[] right, int depth)
    {
        if (left.Length != right.Length) return false;
        for (int i = 0; i < left.Length; i++)
        {
            if (!AreEqual(context, left[i], right[i], depth)) return false;
        }
        return true;
    }

    private static bool AreEqual(RenderContext context, DictValue left, DictValue right, int depth)
    {
        if (left.Count != right.Count) return false;
        foreach (KeyValuePair<TemplateValue, TemplateValue> member in left.Members)
        {
            if (!right.TryGet(member.Key, out TemplateValue? other) || !AreEqual(context, member.Value, other, depth)) return false;
        }
        return true;
    }

    private static int? Compare(RenderContext context, TemplateValue left, TemplateValue right, int depth)
    {
        context.Step(1);
        if (depth > TemplateLimits.ValueDepth) throw new TemplateException("a value is nested too deeply to be compared");
        if (left is StringValue a && right is StringValue b)
        {
            context.Step(a.Length >> 5);
            return CompareText(a.Text, b.Text);
        }
        if (Number.TryGet(left, out Number x) && Number.TryGet(right, out Number y)) return x.CompareTo(y);
        if (left is ListValue { Kind: SequenceKind.List or SequenceKind.Tuple } c && right is ListValue d && c.Kind == d.Kind)
        {
            for (int i = 0; i < c.Items.Length && i < d.Items.Length; i++)
            {
                if (!AreEqual(context, c.Items[i], d.Items[i], depth + 1)) return Compare(context, c.Items[i], d.Items[i], depth + 1);
            }
            return c.Items.Length - d.Items.Length;
        }
        if (left is UndefinedValue missing) throw missing.Failure();
        if (right is UndefinedValue missingRight) throw missingRight.Failure();
        throw new TemplateException($"'{left.TypeName}' and '{right.TypeName}' have no order");
    }
}
