using System.Numerics;
using Konko.Engine.Templates.Runtime;
using Konko.Engine.Templates.Values;

namespace Konko.Engine.Templates.Python;

/// <summary>Python's operators on numbers, strings and lists. A result is the template's own where both operands are.</summary>
internal static class Arithmetic
{
    /// <summary><c>left + right</c>.</summary>
    public static TemplateValue Add(RenderContext context, TemplateValue left, TemplateValue right)
    {
        if (left is StringValue a && right is StringValue b) return Concatenate(context, a, b);
        if (left is ListValue { Kind: SequenceKind.List or SequenceKind.Tuple } c && right is ListValue d && c.Kind == d.Kind)
        {
            context.MakeElements(c.Items.Length + d.Items.Length);
            return new ListValue([.. c.Items, .. d.Items], c.Kind);
        }
        (Number x, Number y) = Operands("+", left, right);
        return x.IsFloat || y.IsFloat ? Float(x, y, x.Float + y.Float) : Integer(x, y, x.Integer + y.Integer);
    }

    /// <summary><c>left - right</c>.</summary>
    public static TemplateValue Subtract(TemplateValue left, TemplateValue right)
    {
        (Number x, Number y) = Operands("-", left, right);
        return x.IsFloat || y.IsFloat ? Float(x, y, x.Float - y.Float) : Integer(x, y, x.Integer - y.Integer);
    }

    /// <summary><c>left * right</c>, repetition of strings and lists included.</summary>
    public static TemplateValue Multiply(RenderContext context, TemplateValue left, TemplateValue right)
    {
        if (left is StringValue or ListValue && right is (IntegerValue or BooleanValue)) return Repeat(context, left, right);
        if (right is StringValue or ListValue && left is (IntegerValue or BooleanValue)) return Repeat(context, right, left);
        (Number x, Number y) = Operands("*", left, right);
        return x.IsFloat || y.IsFloat ? Float(x, y, x.Float * y.Float) : Integer(x, y, x.Integer * y.Integer);
    }

    /// <summary><c>left / right</c>, always a float.</summary>
    public static TemplateValue Divide(TemplateValue left, TemplateValue right)
    {
        (Number x, Number y) = Operands("/", left, right);
        return Float(x, y, x.Float / NotZero(y).Float);
    }

    /// <summary><c>left // right</c>, rounded down.</summary>
    public static TemplateValue FloorDivide(TemplateValue left, TemplateValue right)
    {
        (Number x, Number y) = Operands("//", left, right);
        NotZero(y);
        if (!x.IsFloat && !y.IsFloat)
        {
            BigInteger quotient = BigInteger.DivRem(x.Integer, y.Integer, out BigInteger remainder);
            return Integer(x, y, !remainder.IsZero && remainder.Sign != y.Integer.Sign ? quotient - 1 : quotient);
        }
        double exact = (x.Float - FloorModulo(x.Float, y.Float)) / y.Float;
        double floor = Math.Floor(exact);
        return Float(x, y, exact - floor > 0.5 ? floor + 1 : floor);
    }

    /// <summary><c>left % right</c> of numbers, with the sign of the right one.</summary>
    public static TemplateValue Modulo(TemplateValue left, TemplateValue right)
    {
        (Number x, Number y) = Operands("%", left, right);
        NotZero(y);
        if (x.IsFloat || y.IsFloat) return Float(x, y, FloorModulo(x.Float, y.Float));
        BigInteger remainder = BigInteger.Remainder(x.Integer, y.Integer);
        return Integer(x, y, !remainder.IsZero && remainder.Sign != y.Integer.Sign ? remainder + y.Integer : remainder);
    }

    /// <summary><c>left ** right</c> for whole exponents.</summary>
    public static TemplateValue Power(TemplateValue left, TemplateValue right)
    {
        (Number x, Number y) = Operands("**", left, right);
        if (y.IsFloat ? !double.IsInteger(y.Float) : BigInteger.Abs(y.Integer) > TemplateLimits.IntegerBits)
            throw new TemplateException($"** takes whole exponents up to {TemplateLimits.IntegerBits}");
        if (Math.Abs(y.Float) > TemplateLimits.IntegerBits) throw new TemplateException($"** takes exponents up to {TemplateLimits.IntegerBits}");
        int exponent = (int)y.Float;
        if (x.IsFloat || y.IsFloat || exponent < 0)
        {
            if (x.Float == 0 && exponent < 0) throw new TemplateException("0.0 cannot be raised to a negative power");
            double power = Power(x.Float, Math.Abs(exponent));
            return Float(x, y, exponent < 0 ? 1 / power : power);
        }
        // Checked before it is computed: the product would be made first and refused afterwards.
        if (x.Integer.GetBitLength() * exponent > 2 * TemplateLimits.IntegerBits) throw new TemplateException("an integer power is too large");
        return Integer(x, y, BigInteger.Pow(x.Integer, exponent));
    }

    /// <summary><c>-value</c>.</summary>
    public static TemplateValue Negate(TemplateValue value)
    {
        Number x = Operand("-", value);
        return x.IsFloat ? new FloatValue(-x.Float, x.Trusted) : new IntegerValue(-x.Integer, x.Trusted);
    }

    /// <summary><c>+value</c>.</summary>
    public static TemplateValue Plus(TemplateValue value)
    {
        Number x = Operand("+", value);
        return x.IsFloat ? value : new IntegerValue(x.Integer, x.Trusted);
    }

    /// <summary>Two strings as one; beside one that is marked as safe the other is escaped.</summary>
    public static StringValue Concatenate(RenderContext context, StringValue left, StringValue right)
    {
        bool isMarkup = left.IsMarkup || right.IsMarkup;
        if (isMarkup)
        {
            left = Markup.Escape(context, left);
            right = Markup.Escape(context, right);
        }
        else if (left.Length == 0)
        {
            return right;
        }
        else if (right.Length == 0)
        {
            return left;
        }
        var builder = new TextBuilder(context);
        builder.Append(left);
        builder.Append(right);
        return builder.ToValue(isMarkup);
    }

    private static TemplateValue Repeat(RenderContext context, TemplateValue value, TemplateValue times)
    {
        Number.TryGet(times, out Number number);
        int count = number.Integer.Sign <= 0 ? 0 : number.Integer > int.MaxValue ? int.MaxValue : (int)number.Integer;
        if (value is StringValue text)
        {
            context.MakeText((long)text.Length * count);
            context.Step(text.Length == 0 ? 0 : count);
            var builder = new TextBuilder(context);
            for (int i = 0; i < count && text.Length > 0; i++) builder.Append(text);
            return builder.ToValue(text.IsMarkup);
        }
        var list = (ListValue)value;
        if (list.Kind is not (SequenceKind.List or SequenceKind.Tuple)) throw new TemplateException($"a {list.TypeName} cannot be repeated");
        context.MakeElements((long)list.Items.Length * count);
        var items = new TemplateValue[list.Items.Length * count];
        for (int i = 0; list.Items.Length > 0 && i < count; i++) list.Items.CopyTo(items, i * list.Items.Length);
        return new ListValue(items, list.Kind);
    }

    private static double FloorModulo(double left, double right)
    {
        double remainder = left % right;
        if (remainder == 0) return double.CopySign(0, right);
        return remainder < 0 != right < 0 ? remainder + right : remainder;
    }

    private static double Power(double value, int exponent)
    {
        double result = 1;
        for (; exponent > 0; exponent >>= 1)
        {
            if ((exponent & 1) != 0) result *= value;
            value *= value;
        }
        return result;
    }

    private static Number NotZero(Number divisor) =>
        (divisor.IsFloat ? divisor.Float == 0 : divisor.Integer.IsZero) ? throw new TemplateException("division by zero") : divisor;

    private static (Number Left, Number Right) Operands(string operation, TemplateValue left, TemplateValue right)
    {
        if (Number.TryGet(left, out Number x) && Number.TryGet(right, out Number y)) return (x, y);
        if (left is UndefinedValue missing) throw missing.Failure();
        if (right is UndefinedValue missingRight) throw missingRight.Failure();
        throw new TemplateException($"unsupported operand types for {operation}: '{left.TypeName}' and '{right.TypeName}'");
    }

    private static Number Operand(string operation, TemplateValue value)
    {
        if (Number.TryGet(value, out Number x)) return x;
        if (value is UndefinedValue missing) throw missing.Failure();
        throw new TemplateException($"unsupported operand type for {operation}: '{value.TypeName}'");
    }

    private static FloatValue Float(Number x, Number y, double value) => new(value, x.Trusted && y.Trusted);

    private static IntegerValue Integer(Number x, Number y, BigInteger value) => new(value, x.Trusted && y.Trusted);
}
