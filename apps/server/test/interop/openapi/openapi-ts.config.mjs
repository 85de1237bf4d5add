// Where an operation takes JSON too, the generator makes a client for that alone; a form takes the file as it is.
const folder = process.env['OPENAPI_FOLDER'];

export default {
  input: `${folder}/openapi.json`,
  output: `${folder}/generated`,
  parser: {
    patch: {
      operations: (_method, _path, { requestBody }) => {
        if (requestBody?.content?.['multipart/form-data'] !== undefined) delete requestBody.content['application/json'];
      },
    },
  },
};
