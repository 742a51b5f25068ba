using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Emit;
using Orleans.Concurrency;

namespace Orleans.Runtime;

/// <summary>
/// Generates, at the first use of a grain interface, the class of its references and one request class per method: plain fields and direct
/// calls, as a compiler would write them.
/// </summary>
internal static class ProxyFactory
{
    private const string Shape = "Shape";
    private static readonly ConcurrentDictionary<Type, Lazy<Func<ActivationDirectory, string, GrainProxy>>> s_factories = new();

    /// <summary>The constructor of an interface's references.</summary>
    /// <exception cref="NotSupportedException">A method of the interface cannot be served.</exception>
    public static Func<ActivationDirectory, string, GrainProxy> For(Type grainInterface, GrainClass grainClass)
    {
        var factory = s_factories.GetOrAdd(
            grainInterface,
            static (type, target) => new(() => Build(type, target)),
            grainClass);
        return factory.Value;
    }

    private static Func<ActivationDirectory, string, GrainProxy> Build(Type grainInterface, GrainClass grainClass)
    {
        Type[] interfaces = [grainInterface, .. grainInterface.GetInterfaces()];
        var methods = interfaces.SelectMany(type => type.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
            .ToList();
        var calls = methods.ConvertAll(method => new MethodCall(method));
        var house = new DynamicHouse(interfaces);
        var proxy = house.Define($"Reference.{grainInterface.FullName}", typeof(GrainProxy), grainInterface);
        EmitConstructor(proxy);
        foreach (var call in calls) EmitMethod(proxy, call, EmitRequest(house, call, grainClass));
        return EmitFactory(proxy.CreateType());
    }

    private static void EmitConstructor(TypeBuilder proxy)
    {
        Type[] parameters = [typeof(ActivationDirectory), typeof(string)];
        var code = proxy.DefineConstructor(MethodAttributes.Public, CallingConventions.HasThis, parameters).GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Ldarg_1);
        code.Emit(OpCodes.Ldarg_2);
        code.Emit(OpCodes.Call, BaseConstructor(typeof(GrainProxy)));
        code.Emit(OpCodes.Ret);
    }

    private static Func<ActivationDirectory, string, GrainProxy> EmitFactory(Type proxy)
    {
        var create = new DynamicMethod(
            "Create", typeof(GrainProxy), [typeof(ActivationDirectory), typeof(string)], proxy, skipVisibility: true);
        var code = create.GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Ldarg_1);
        code.Emit(OpCodes.Newobj, proxy.GetConstructors()[0]);
        code.Emit(OpCodes.Ret);
        return create.CreateDelegate<Func<ActivationDirectory, string, GrainProxy>>();
    }

    /// <summary>new Request(arguments), send it, give the task in the form the method declares.</summary>
    private static void EmitMethod(TypeBuilder proxy, MethodCall call, ConstructorInfo request)
    {
        var method = proxy.DefineMethod(
            $"{call.Method.DeclaringType!.FullName}.{call.Method.Name}",
            MethodAttributes.Private | MethodAttributes.Virtual | MethodAttributes.Final | MethodAttributes.HideBySig
                | MethodAttributes.NewSlot,
            call.Method.ReturnType,
            call.ParameterTypes);
        var code = method.GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        for (var i = 1; i <= call.ParameterTypes.Length; i++) code.Emit(OpCodes.Ldarg, (short)i);
        code.Emit(OpCodes.Newobj, request);
        code.Emit(OpCodes.Call, call.Send);
        if (call.IsValueTask) code.Emit(OpCodes.Newobj, call.Method.ReturnType.GetConstructor([call.Send.ReturnType])!);
        code.Emit(OpCodes.Ret);
        proxy.DefineMethodOverride(method, call.Method);
    }

    private static ConstructorInfo EmitRequest(DynamicHouse house, MethodCall call, GrainClass grainClass)
    {
        var type = house.Define($"Request.{call.Method.DeclaringType!.FullName}.{call.Method.Name}", call.RequestBase);
        var fields = call.ParameterTypes.Select((parameter, i) => type.DefineField($"_{i}", parameter, FieldAttributes.Public)).ToArray();
        var shape = type.DefineField(Shape, typeof(RequestShape), FieldAttributes.Public | FieldAttributes.Static);
        EmitRequestConstructor(type, call, fields);
        EmitGetter(type, "Shape", typeof(RequestShape), code => code.Emit(OpCodes.Ldsfld, shape));
        if (Array.IndexOf(call.ParameterTypes, typeof(CancellationToken)) is >= 0 and var token)
            EmitGetter(type, "Token", typeof(CancellationToken), code =>
                { code.Emit(OpCodes.Ldarg_0); code.Emit(OpCodes.Ldfld, fields[token]); });
        EmitCall(type, call, fields);

        var made = type.CreateType();
        made.GetField(Shape)!.SetValue(
            null, new RequestShape(call.Method.DeclaringType.FullName!, call.Method.Name, KindOf(call.Method, grainClass)));
        return made.GetConstructors()[0];
    }

    private static void EmitRequestConstructor(TypeBuilder type, MethodCall call, FieldBuilder[] fields)
    {
        var code = type.DefineConstructor(MethodAttributes.Public, CallingConventions.HasThis, call.ParameterTypes).GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Call, BaseConstructor(call.RequestBase));
        for (var i = 0; i < fields.Length; i++)
        {
            code.Emit(OpCodes.Ldarg_0);
            code.Emit(OpCodes.Ldarg, (short)(i + 1));
            code.Emit(OpCodes.Stfld, fields[i]);
        }

        code.Emit(OpCodes.Ret);
    }

    private static void EmitGetter(TypeBuilder type, string property, Type result, Action<ILGenerator> load)
    {
        var code = type.DefineMethod($"get_{property}", Override, result, Type.EmptyTypes).GetILGenerator();
        load(code);
        code.Emit(OpCodes.Ret);
    }

    private static void EmitCall(TypeBuilder type, MethodCall call, FieldBuilder[] fields)
    {
        var code = type.DefineMethod(nameof(Request.Call), Override, typeof(Task), [typeof(object)]).GetILGenerator();
        code.Emit(OpCodes.Ldarg_1);
        code.Emit(OpCodes.Castclass, call.Method.DeclaringType!);
        foreach (var field in fields)
        {
            code.Emit(OpCodes.Ldarg_0);
            code.Emit(OpCodes.Ldfld, field);
        }

        code.Emit(OpCodes.Callvirt, call.Method);
        if (call.IsValueTask)
        {
            var task = code.DeclareLocal(call.Method.ReturnType);
            code.Emit(OpCodes.Stloc, task);
            code.Emit(OpCodes.Ldloca, task);
            code.Emit(OpCodes.Call, call.Method.ReturnType.GetMethod("AsTask")!);
        }

        code.Emit(OpCodes.Ret);
    }

    private static RequestKind KindOf(MethodInfo method, GrainClass grainClass)
    {
        if (grainClass.IsReentrant || method.IsDefined(typeof(AlwaysInterleaveAttribute))) return RequestKind.Interleaving;
        return method.IsDefined(typeof(ReadOnlyAttribute)) ? RequestKind.ReadOnly : RequestKind.Ordinary;
    }

    private static ConstructorInfo BaseConstructor(Type type) =>
        type.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)[0];

    private const MethodAttributes Override = MethodAttributes.Public | MethodAttributes.Virtual | MethodAttributes.HideBySig;

    /// <summary>A grain method and how it is called.</summary>
    private sealed class MethodCall
    {
        public MethodCall(MethodInfo method)
        {
            var task = method.ReturnType;
            var isGeneric = task.IsConstructedGenericType;
            var form = isGeneric ? task.GetGenericTypeDefinition() : task;
            if (method.IsGenericMethod
                || (form != typeof(Task) && form != typeof(Task<>) && form != typeof(ValueTask) && form != typeof(ValueTask<>)))
            {
                throw new NotSupportedException(
                    $"Grain method {method.DeclaringType!.FullName}.{method.Name}: grain methods are not generic and return Task, Task<T>, ValueTask or ValueTask<T>.");
            }

            Method = method;
            var result = isGeneric ? task.GenericTypeArguments[0] : null;
            ArgumentRules.Check(method, result);
            IsValueTask = form.IsValueType;
            ParameterTypes = Array.ConvertAll(method.GetParameters(), parameter => parameter.ParameterType);
            RequestBase = result is null ? typeof(PlainRequest) : typeof(ValueRequest<>).MakeGenericType(result);
            Send = result is null
                ? typeof(GrainProxy).GetMethod(nameof(GrainProxy.SendVoid))!
                : typeof(GrainProxy).GetMethod(nameof(GrainProxy.SendValue))!.MakeGenericMethod(result);
        }

        public MethodInfo Method { get; }

        public bool IsValueTask { get; }

        public Type[] ParameterTypes { get; }

        public Type RequestBase { get; }

        public MethodInfo Send { get; }
    }
}
