"""Compares a server with ONNX Runtime in this process over the test vectors that the packages onnx and onnxruntime bring along.

vectors.py list
    prints the version of ONNX Runtime, and the name of every vector.
vectors.py run ADDRESS REPOSITORY KEY NAME...
    puts each into the server's model repository, loads it, asks it and unloads it, and prints a line of JSON for it.
"""

import http.client
import json
import shutil
import sys
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import local

import numpy
import onnx
import onnxruntime
from onnx import numpy_helper

data = Path(onnx.__file__).parent / 'backend' / 'test' / 'data'
kinds = ['node', 'simple', 'pytorch-converted', 'pytorch-operator', 'light']
# ONNX Runtime never returns from a run of it with zeros, which is what a server tries first.
endless = {'node-test_dft_irfft'}
# Models of scikit-learn and others, without inputs.
samples = Path(onnxruntime.__file__).parent / 'datasets'

# Datatypes of the protocol, with the types of ONNX Runtime and NumPy.
datatypes = {
    'tensor(bool)': ('BOOL', numpy.bool_),
    'tensor(uint8)': ('UINT8', numpy.uint8),
    'tensor(uint16)': ('UINT16', numpy.uint16),
    'tensor(uint32)': ('UINT32', numpy.uint32),
    'tensor(uint64)': ('UINT64', numpy.uint64),
    'tensor(int8)': ('INT8', numpy.int8),
    'tensor(int16)': ('INT16', numpy.int16),
    'tensor(int32)': ('INT32', numpy.int32),
    'tensor(int64)': ('INT64', numpy.int64),
    'tensor(float16)': ('FP16', numpy.float16),
    'tensor(float)': ('FP32', numpy.float32),
    'tensor(double)': ('FP64', numpy.float64),
    'tensor(string)': ('BYTES', numpy.object_),
}
types = {datatype: dtype for datatype, dtype in datatypes.values()}

# Their values are drawn anew in each run, so that only shapes can be compared.
drawing = {'Bernoulli', 'Dropout', 'Multinomial', 'RandomNormal', 'RandomNormalLike', 'RandomUniform', 'RandomUniformLike'}


def vectors():
    """Every vector by name: the file, and folders with inputs and outputs."""
    found = {f'sample-{path.stem}': (path, []) for path in sorted(samples.glob('*.onnx'))}
    for kind in kinds:
        for path in sorted((data / kind).iterdir()):
            if path.suffix == '.onnx':
                found[f'{kind}-{path.stem}'] = (path, [])
            elif (path / 'model.onnx').exists():
                found[f'{kind}-{path.name}'] = (path / 'model.onnx', sorted(path.glob('test_data_set_*')))
    return {name: vector for name, vector in found.items() if name not in endless}


def read_tensors(folder, side):
    """Tensors of a folder in their order; None for what is no tensor."""
    values = []
    for index in range(len(list(folder.glob(f'{side}_*.pb')))):
        content = (folder / f'{side}_{index}.pb').read_bytes()
        tensor = onnx.TensorProto()
        try:
            tensor.ParseFromString(content)
            values.append(numpy_helper.to_array(tensor))
        except Exception:
            values.append(None)
    return values


def made_up(path, tensors):
    """Inputs for a file without any, the same in each run."""
    drawn = numpy.random.default_rng(zlib.crc32(path.name.encode()))
    return [
        drawn.random([length if isinstance(length, int) else 2 for length in tensor.shape]).astype(datatypes[tensor.type][1])
        for tensor in tensors
    ]


class Server:
    """A connection for each thread."""

    def __init__(self, address, key):
        self.address, self.key, self.local = address, key, local()

    def request(self, method, path, body=None, headers=None):
        connection = getattr(self.local, 'connection', None)
        if connection is None:
            connection = self.local.connection = http.client.HTTPConnection(self.address, timeout=120)
        connection.request(method, path, body, {'authorization': f'Bearer {self.key}', **(headers or {})})
        response = connection.getresponse()
        return response.status, response.headers, response.read()

    def json(self, method, path, body=None):
        status, _, content = self.request(method, path, body)
        return status, json.loads(content)


def encode(value):
    """The bytes of a tensor as the extension for binary data has them."""
    if value.dtype != numpy.object_:
        return numpy.ascontiguousarray(value).tobytes()
    texts = [text if isinstance(text, bytes) else text.encode() for text in value.flatten()]
    return b''.join(len(text).to_bytes(4, 'little') + text for text in texts)


def decode(datatype, shape, content):
    if datatype != 'BYTES':
        return numpy.frombuffer(content, types[datatype]).reshape(shape)
    texts, at = [], 0
    while at < len(content):
        end = at + 4 + int.from_bytes(content[at : at + 4], 'little')
        texts.append(content[at + 4 : end].decode())
        at = end
    array = numpy.empty(len(texts), numpy.object_)
    array[:] = texts
    return array.reshape(shape)


def infer_binary(server, name, inputs):
    parts = [encode(value) for _, _, value in inputs]
    head = {
        'inputs': [
            {'name': tensor, 'datatype': datatype, 'shape': value.shape, 'parameters': {'binary_data_size': len(part)}}
            for (tensor, datatype, value), part in zip(inputs, parts)
        ],
        'parameters': {'binary_data_output': True},
    }
    text = json.dumps(head).encode()
    headers = {'inference-header-content-length': str(len(text))}
    status, received, content = server.request('POST', f'/v2/models/{name}/infer', text + b''.join(parts), headers)
    length = int(received.get('inference-header-content-length', len(content)))
    answer = json.loads(content[:length])
    if status != 200:
        return status, answer['error']
    outputs, start = {}, length
    for output in answer['outputs']:
        size = output['parameters']['binary_data_size']
        outputs[output['name']] = decode(output['datatype'], output['shape'], content[start : start + size])
        start += size
    return status, outputs


def infer_json(server, name, inputs):
    """NaN and infinities are written as json.dumps writes them."""
    body = {
        'inputs': [
            {
                'name': tensor,
                'datatype': datatype,
                'shape': value.shape,
                'data': [text.decode() if isinstance(text, bytes) else text for text in value.flatten().tolist()],
            }
            for tensor, datatype, value in inputs
        ]
    }
    status, answer = server.json('POST', f'/v2/models/{name}/infer', json.dumps(body))
    if status != 200:
        return status, answer['error']
    outputs = {}
    for output in answer['outputs']:
        dtype = types[output['datatype']]
        outputs[output['name']] = numpy.array(output['data'], dtype).reshape(output['shape'])
    return status, outputs


def difference(ours, theirs, exact):
    """Why two tensors are not the same, or None."""
    if ours.dtype != theirs.dtype or ours.shape != theirs.shape:
        return f'{ours.dtype}{list(ours.shape)} instead of {theirs.dtype}{list(theirs.shape)}'
    if not exact:
        return None
    if ours.dtype == numpy.object_:
        return None if ours.tolist() == theirs.tolist() else 'other strings'
    if ours.dtype.kind == 'f':
        # The same kernels, in two builds of one version.
        equal = numpy.allclose(ours, theirs, rtol=1e-5, atol=1e-7, equal_nan=True)
        largest = numpy.max(numpy.abs(ours.astype('f8') - theirs.astype('f8')), initial=0) if not equal else 0
        return None if equal else f'up to {largest} apart'
    return None if numpy.array_equal(ours, theirs) else 'other values'


def expected_metadata(path, session):
    """Both sides as the protocol has them; None for what is no tensor, which the server may have unwrapped."""
    graph = onnx.load(str(path), load_external_data=False).graph
    ranked = {value.name: value.type.tensor_type.HasField('shape') for value in [*graph.input, *graph.output]}

    def described(tensor):
        if tensor.type not in datatypes:
            return None
        shape = [length if isinstance(length, int) else -1 for length in tensor.shape] if ranked[tensor.name] else [-1]
        return {'name': tensor.name, 'datatype': datatypes[tensor.type][0], 'shape': shape}

    return {'inputs': [described(tensor) for tensor in session.get_inputs()], 'outputs': [described(tensor) for tensor in session.get_outputs()]}


def check_metadata(server, name, path, session):
    status, metadata = server.json('GET', f'/v2/models/{name}')
    if status != 200:
        return [f'metadata: {status} {metadata}']
    problems = []
    for side, tensors in expected_metadata(path, session).items():
        found = metadata[side]
        missing = [tensor for tensor in tensors if tensor is not None and tensor not in found]
        if missing or (None not in tensors and found != tensors):
            problems.append(f'{side} {found} instead of {tensors}')
    return problems


def open_session(path):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(str(path), options, providers=['CPUExecutionProvider'])


def examples(session, path, folders):
    """Inputs of each example, and what the wheel says to expect of them."""
    tensors = session.get_inputs()
    if not folders:
        yield made_up(path, tensors), []
    for folder in folders:
        yield read_tensors(folder, 'input')[: len(tensors)], read_tensors(folder, 'output')


def run_here(session, inputs):
    try:
        return session.run(None, {name: value for name, _, value in inputs})
    except Exception as error:
        return str(error)


def unwrapped(name, value):
    """The tensors that the server gives for an output: a column for each key of maps, and those of a sequence by their number."""
    if not isinstance(value, list):
        return [(name, value)]
    if value and isinstance(value[0], dict):
        return [(name, numpy.array([list(row.values()) for row in value], numpy.float32))]
    return [(f'{name}_{index}', tensor) for index, tensor in enumerate(value)]


def meets(outputs, expected):
    """Whether outputs are those that the wheel expects, within the tolerance of its own runner."""
    return all(
        one.shape == other.shape
        and (one.dtype.kind != 'f' or numpy.allclose(one, other, rtol=1e-3, atol=1e-7, equal_nan=True))
        and (one.dtype.kind in 'fOSU' or numpy.array_equal(one, other))
        for one, other in zip(outputs, expected)
        if isinstance(one, numpy.ndarray) and other is not None
    )


def compare(server, name, session, vector, draws):
    """Differences between the server and this process in metadata, and in outputs in both forms."""
    names = [output.name for output in session.get_outputs()]
    problems = check_metadata(server, name, vector[0], session)
    compared = identical = expected_met = expected_missed = failed_alike = 0
    for values, expected in examples(session, *vector):
        inputs = [(tensor.name, datatypes[tensor.type][0], value) for tensor, value in zip(session.get_inputs(), values)]
        theirs = run_here(session, inputs)
        for form in (infer_binary, infer_json):
            status, ours = form(server, name, inputs)
            if isinstance(theirs, str):
                failed_alike += status == 400
                if status != 400:
                    problems.append(f'{form.__name__}: {status}, and here: {theirs}')
            elif status != 200:
                problems.append(f'{form.__name__}: {status} {ours}')
            else:
                compared += 1
                pairs = [pair for output, value in zip(names, theirs) for pair in unwrapped(output, value)]
                if list(ours) != [output for output, _ in pairs]:
                    problems.append(f'{form.__name__}: {list(ours)} instead of {[output for output, _ in pairs]}')
                    continue
                differences = [(output, difference(ours[output], value, not draws)) for output, value in pairs]
                problems += [f'{form.__name__}: {output}: {found}' for output, found in differences if found]
                identical += all(ours[output].tobytes() == value.tobytes() for output, value in pairs if value.dtype != numpy.object_)
        if expected and not draws and not isinstance(theirs, str):
            met = meets(theirs, expected)
            expected_met, expected_missed = expected_met + met, expected_missed + (not met)
    return {
        'compared': compared,
        'identical': identical,
        'failedAlike': failed_alike,
        'expectedMet': expected_met,
        'expectedMissed': expected_missed,
        'problems': problems,
    }


def operators(path):
    model = onnx.load(str(path), load_external_data=False)
    nodes = [*model.graph.node, *(node for function in model.functions for node in function.node)]
    return {node.op_type for node in nodes}, [value.name for value in [*model.graph.input, *model.graph.output]]


def run(server, repository, name):
    path, _ = vector = vectors()[name]
    used, tensors = operators(path)
    report = {'name': name, 'operators': sorted(used), 'tensors': tensors, 'python': None, 'refused': None, 'problems': []}
    try:
        session = open_session(path)
    except Exception as error:
        session, report['python'] = None, str(error)
    file = repository / f'{name}.onnx'
    shutil.copyfile(path, file)
    try:
        status, answer = server.json('POST', f'/v2/repository/models/{name}/load')
        if status == 400:
            report['refused'] = answer['error']
        elif status != 200:
            report['problems'].append(f'load: {status} {answer}')
        else:
            if session is not None:
                report.update(compare(server, name, session, vector, bool(used & drawing)))
            status, answer = server.json('POST', f'/v2/repository/models/{name}/unload')
            if status != 200:
                report['problems'].append(f'unload: {status} {answer}')
    finally:
        file.unlink()
    return report


def main():
    command, *words = sys.argv[1:]
    if command == 'list':
        print(json.dumps({'version': onnxruntime.__version__, 'names': list(vectors())}))
        return
    address, repository, key, *names = words
    server = Server(address, key)
    # One loads while another is compared.
    with ThreadPoolExecutor(2) as pool:
        for report in pool.map(lambda name: run(server, Path(repository), name), names):
            print(json.dumps(report), flush=True)


main()
